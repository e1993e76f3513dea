/* a /* b
GO
*/ still inside, it's
GO
*/ SELECT 1
GO
SELECT 2
