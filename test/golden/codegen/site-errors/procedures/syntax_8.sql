/* never closed
CREATE PROCEDURE dbo.Mal_8 AS RETURN;
