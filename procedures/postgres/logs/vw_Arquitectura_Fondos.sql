SET LOCAL ROLE carril_dueno;

/*
  Each fund with the way it runs: its own setting in logs.Ajustes, else the general one.

  Touches: dimensionales.BD_Funds read, logs.Ajustes read
  Since: 014
*/
CREATE OR REPLACE VIEW logs.vw_Arquitectura_Fondos AS
SELECT
  f.ID_Fund, f.FundShortName, f.Active, f.Incluir_En_Cubo,
  COALESCE(propia.Valor, general.Valor, 'JERARQUICA')::varchar(20) AS Arquitectura,
  propia.Valor IS NOT NULL AS Propia,
  COALESCE(propia.FechaCambio, general.FechaCambio) AS FechaCambio,
  COALESCE(propia.Usuario, general.Usuario) AS Usuario
FROM dimensionales.BD_Funds AS f
LEFT JOIN logs.Ajustes AS propia ON propia.Ajuste = 'ARQUITECTURA' AND propia.ID_Fund = f.ID_Fund
LEFT JOIN logs.Ajustes AS general ON general.Ajuste = 'ARQUITECTURA' AND general.ID_Fund IS NULL;
GRANT SELECT ON logs.vw_Arquitectura_Fondos TO carril_lector;
