SELECT 1 AS [it's], 2 AS [a"b]
GO
SELECT 3 AS "it's", 4 AS '[' 
GO
