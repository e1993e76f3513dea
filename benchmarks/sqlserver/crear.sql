-- escaladas por tabla en el histograma; interbloqueos y esperas largas en el anillo, que no deja nada en disco
CREATE EVENT SESSION carril_sonda_SESION ON SERVER
ADD EVENT sqlserver.lock_escalation (WHERE (database_id = (32767))),
ADD EVENT sqlserver.xml_deadlock_report,
ADD EVENT sqlserver.lock_acquired (WHERE (database_id = (32767) AND duration >= (5000)))
ADD TARGET package0.histogram (
  SET filtering_event_name = N'sqlserver.lock_escalation', source = N'object_id', source_type = (0), slots = (256)),
ADD TARGET package0.ring_buffer (SET max_memory = (4096))
WITH (
  MAX_MEMORY = 16 MB, EVENT_RETENTION_MODE = ALLOW_SINGLE_EVENT_LOSS, MAX_DISPATCH_LATENCY = 1 SECONDS,
  STARTUP_STATE = OFF);

ALTER EVENT SESSION carril_sonda_SESION ON SERVER STATE = START;
