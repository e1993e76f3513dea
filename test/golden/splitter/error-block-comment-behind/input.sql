SELECT 1
GO /* x */
