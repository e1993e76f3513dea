SET ANSI_NULLS ON
GO
/*
 * Sums the sales of a day; a gutter of asterisks is no part of the text, and an end of comment (* /) neither.
 *
 * A second paragraph.
 *
 * Returns: many  newest first
 *   ID_Venta     bigint        not null  the sale's own number
 *   Fecha        date          not null
 *   Total        decimal(15,2) null      -- NULL while open
 *   Total_Exacto varchar(40)   null
 *   [Con espacio] nvarchar(max) null
 *   Hora         datetime2(3)  not null
 *   Huella       varbinary(32) null
 *   Guia         uniqueidentifier null
 *   Peso         float         null
 *   Abierta      bit           not null
 * Errors: 50404 no such day, 51000 something of the site's own
 * Touches: ventas.Ventas read,
 *          ventas.Clientes read
 * Batch: none
 */
CREATE PROCEDURE ventas.sp_Sumar_Ventas
    -- the day
    @Fecha date, /* a comment, with a comma and @Other int */
    @Cliente AS [nvarchar](100) = N'O''Brien',
    @Minimo decimal(12,2) = -1.50, -- another
    @Modo varchar(20) = RAPIDO,
    @Abierta bit = 1,
    @Nota nvarchar(max) = NULL,
    @Bytes varbinary(8) = 0x00
WITH RECOMPILE
AS
BEGIN
    SET NOCOUNT ON;
    SELECT N'CREATE PROCEDURE ventas.no_soy @X int AS'; -- ' not a string
    /* nested /* GO */ comment
GO
    */
    THROW 50404, N'no hay', 1;
END
GO
GRANT EXECUTE ON ventas.sp_Sumar_Ventas TO app;
go -- end
/*
  Takes rows and says what became of them.

  Returns: output
    Insertadas int    not null
    Motivo     nvarchar(100) null  why not, else NULL
  Errors: none
  Touches: nothing
  Batch: 2000
*/
CREATE OR ALTER PROC [ventas].[delete]
(
    @Lineas ventas.Lineas_v1 READONLY,
    @Claves Claves READONLY,
    @Usuario sysname = NULL,
    @Insertadas int OUTPUT,
    @Motivo nvarchar(100) = NULL OUT
)
AS SET @Insertadas = 0;
GO 2
