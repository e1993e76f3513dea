-- nada
GO
/* nada */
GO
SELECT 1
