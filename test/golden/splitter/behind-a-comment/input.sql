SELECT 1
/* x */ GO
SELECT 2
/* y
*/ GO
GO
