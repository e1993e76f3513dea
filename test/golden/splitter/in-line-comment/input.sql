SELECT 1 -- it's
GO
-- GO
--GO /*
SELECT 2 -- [
GO
