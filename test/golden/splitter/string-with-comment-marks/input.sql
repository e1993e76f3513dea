SELECT '/* no' AS a, '-- no' AS b
GO
SELECT '*/' AS c
GO
