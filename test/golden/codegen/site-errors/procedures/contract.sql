CREATE PROCEDURE dbo.Sin_Contrato @X int AS RETURN;
GO
/* A comment that is no contract. */
CREATE PROCEDURE dbo.Sin_Contrato_Tampoco AS RETURN;
GO
/*
  Returns: nothing
*/
CREATE PROCEDURE dbo.Sin_Nada AS RETURN;
GO
/*
  Has wrong lines.

  Returns: some
  Errors: several
  Toches: dbo.A read
  Touches: dbo.A read
  Batch: none
  Batch: 2000
*/
CREATE PROCEDURE dbo.Lineas_Malas AS RETURN;
GO
/*
  Has wrong columns.

  Returns: many
    A
    B int
    C entero not null
    D decimal(19,4) not null
    E money null
    F varchar null
    G int not null
    g bigint null
    H decimal null
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Columnas_Malas AS RETURN;
GO
/*
  Names no column; and returns nothing with a column.

  Returns: one
  Returns: nothing
    A int null
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Sin_Columnas AS RETURN;
GO
/*
  Has OUTPUT and a result set.

  Returns: one
    A int not null
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Ambos @B int OUTPUT AS RETURN;
GO
/*
  Has OUTPUT that it does not say.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Calla @B int OUTPUT AS RETURN;
GO
/*
  Has no OUTPUT, and names one; throws in silence.

  Returns: output
    B int null
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Promete AS THROW 51000, N'x', 1;
GO
/*
  Is made twice.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.promete @ID_Fund int, @IdFund int AS RETURN;
GO
/*
  Has names that are one in TypeScript.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Iguales @ID_Fund int, @IdFund int AS RETURN;
GO
/*
  Stands too far away.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
GO
CREATE PROCEDURE dbo.Lejos AS RETURN;
