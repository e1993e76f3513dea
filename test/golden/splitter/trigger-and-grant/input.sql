/*
  Returns: nothing
*/
CREATE OR ALTER PROCEDURE logs.sp_X AS
BEGIN
  EXEC('SELECT 1
GO
');
END;
GO

GRANT EXECUTE ON logs.sp_X TO carril_app;
GO
