:setvar x 1
SELECT $(x)
GO
