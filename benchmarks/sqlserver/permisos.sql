-- lo que la sonda necesita y lo que es este servidor (EngineEdition 5: Azure SQL Database)
SELECT
  CAST(SERVERPROPERTY('EngineEdition') AS int) AS edicion,
  DB_ID() AS base,
  HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') AS ver_servidor,
  HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER ANY EVENT SESSION') AS sesion_servidor,
  HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DATABASE STATE') AS ver_base,
  HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'ALTER ANY DATABASE EVENT SESSION') AS sesion_base;
