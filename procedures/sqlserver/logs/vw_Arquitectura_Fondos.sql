SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Each fund with the way it runs: its own setting in logs.Ajustes, else the general one.

  Touches: dimensionales.BD_Funds read, logs.Ajustes read
  Since: 014
*/
CREATE OR ALTER VIEW logs.vw_Arquitectura_Fondos
AS
SELECT
  f.ID_Fund, f.FundShortName, f.Active, f.Incluir_En_Cubo,
  CONVERT(varchar(20), COALESCE(propia.Valor, general.Valor, N'JERARQUICA')) AS Arquitectura,
  CONVERT(bit, CASE WHEN propia.Valor IS NULL THEN 0 ELSE 1 END) AS Propia,
  COALESCE(propia.FechaCambio, general.FechaCambio) AS FechaCambio,
  COALESCE(propia.Usuario, general.Usuario) AS Usuario
FROM dimensionales.BD_Funds AS f
LEFT JOIN logs.Ajustes AS propia ON propia.Ajuste = 'ARQUITECTURA' AND propia.ID_Fund = f.ID_Fund
LEFT JOIN logs.Ajustes AS general ON general.Ajuste = 'ARQUITECTURA' AND general.ID_Fund IS NULL;
GO
GRANT SELECT ON OBJECT::logs.vw_Arquitectura_Fondos TO carril_lector;
GO
