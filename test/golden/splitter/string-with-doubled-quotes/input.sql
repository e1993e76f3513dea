SELECT 'it''s
GO
' AS x, '' AS y, '''' AS z
GO
SELECT N'á''
go
'''
