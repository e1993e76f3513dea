SELECT gone FROM gold
GOTO fin
fin:
GOLD
GO_1
SELECT 1 AS ago
go.x
GO
