SELECT 'uno
GO
dos' AS x;
GO
SELECT 2;
