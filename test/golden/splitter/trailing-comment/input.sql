SELECT 1
GO -- hecho
SELECT 2
go--sin espacio
SELECT 3
GO 2 -- dos veces
