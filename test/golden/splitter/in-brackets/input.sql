SELECT 1 AS [a
GO
b], 2 AS [c]]
GO
d]
GO
SELECT 2
