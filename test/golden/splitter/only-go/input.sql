GO
GO
go 5
