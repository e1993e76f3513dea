-- en Azure SQL Database la sesion es de la base y el informe tiene otro nombre
CREATE EVENT SESSION carril_sonda_SESION ON DATABASE
ADD EVENT sqlserver.lock_escalation,
ADD EVENT sqlserver.database_xml_deadlock_report,
ADD EVENT sqlserver.lock_acquired (WHERE (duration >= (5000)))
ADD TARGET package0.histogram (
  SET filtering_event_name = N'sqlserver.lock_escalation', source = N'object_id', source_type = (0), slots = (256)),
ADD TARGET package0.ring_buffer (SET max_memory = (4096))
WITH (
  MAX_MEMORY = 4 MB, EVENT_RETENTION_MODE = ALLOW_SINGLE_EVENT_LOSS, MAX_DISPATCH_LATENCY = 1 SECONDS,
  STARTUP_STATE = OFF);

ALTER EVENT SESSION carril_sonda_SESION ON DATABASE STATE = START;
