/*
  Revierte 019: la tabla de antes recupera su nombre. Si nadie escribio desde el up, no se toca ni una fila ni el contador; si
  no, recibe lo que se inserto (con los mismos id), cambio o borro. Lo que no cabe en sus columnas (rangos, estados puestos a
  mano, tokens) queda en LO_PROCESOS_Rangos_019, que solo se crea si hay algo asi y que otro up vuelve a recoger.
*/
SET LOCAL ROLE carril_dueno;

-- espera a quien este escribiendo; despues de esto no escribe nadie
DROP VIEW public.LO_PROCESOS;
DROP FUNCTION trabajo.tr_Lo_Procesos_Insertar();
DROP FUNCTION trabajo.tr_Lo_Procesos_Cambiar();
DROP FUNCTION trabajo.tr_Lo_Procesos_Borrar();

DELETE FROM public.LO_PROCESOS_Respaldo_019 AS r
WHERE NOT EXISTS (SELECT FROM trabajo.Lo_Procesos AS l WHERE l.id = r.id);

UPDATE public.LO_PROCESOS_Respaldo_019 AS r
SET
  proceso = l.proceso, usuario = l.usuario, fecha_inicio = l.fecha_inicio, fecha_fin = l.fecha_fin, mensaje = l.mensaje
FROM trabajo.Lo_Procesos AS l
WHERE l.id = r.id
  AND (l.proceso, l.usuario, l.fecha_inicio, l.fecha_fin, l.mensaje)
    IS DISTINCT FROM (r.proceso, r.usuario, r.fecha_inicio::timestamptz(3), r.fecha_fin::timestamptz(3), r.mensaje);

INSERT INTO public.LO_PROCESOS_Respaldo_019 (id, proceso, usuario, fecha_inicio, fecha_fin, mensaje)
OVERRIDING SYSTEM VALUE
SELECT l.id, l.proceso, l.usuario, l.fecha_inicio, l.fecha_fin, l.mensaje
FROM trabajo.Lo_Procesos AS l
WHERE NOT EXISTS (SELECT FROM public.LO_PROCESOS_Respaldo_019 AS r WHERE r.id = l.id)
ORDER BY l.id;

ALTER TABLE public.LO_PROCESOS_Respaldo_019 RENAME TO LO_PROCESOS;

DO $rangos$
BEGIN
  CREATE TABLE public.LO_PROCESOS_Rangos_019 (
    id bigint CONSTRAINT PK_LO_PROCESOS_Rangos_019 PRIMARY KEY,
    -- la que habia: si cambia, el estado ya no vale tal cual
    fecha_fin timestamptz(3),
    byte_inicio bigint,
    byte_fin bigint,
    ruta_archivo varchar(400),
    estado varchar(50) NOT NULL,
    Poseedor varchar(200),
    Token bigint NOT NULL,
    Intento integer NOT NULL,
    Expira timestamptz(3),
    Inicio timestamptz(3),
    Fin timestamptz(3),
    Ultimo_Error varchar(4000)
  );

  INSERT INTO public.LO_PROCESOS_Rangos_019 (
    id, fecha_fin, byte_inicio, byte_fin, ruta_archivo, estado, Poseedor, Token, Intento, Expira, Inicio, Fin, Ultimo_Error)
  SELECT
    l.id, l.fecha_fin, l.byte_inicio, l.byte_fin, l.ruta_archivo,
    CASE WHEN c.Poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.Estado END,
    c.Poseedor, c.Token, c.Intento, c.Expira, c.Inicio, c.Fin, c.Ultimo_Error
  FROM trabajo.Lo_Procesos AS l
  INNER JOIN trabajo.Chunks AS c ON c.ID_Chunk = l.ID_Chunk
  WHERE l.byte_inicio IS NOT NULL OR l.byte_fin IS NOT NULL OR l.ruta_archivo IS NOT NULL OR c.Token > 0
    OR c.Estado <> CASE WHEN l.fecha_fin IS NULL THEN 'PENDIENTE' ELSE 'COMPLETADO' END;

  IF NOT FOUND THEN
    DROP TABLE public.LO_PROCESOS_Rangos_019;
  END IF;
END
$rangos$;

DROP INDEX trabajo.IX_Chunks_Lo_Procesos;
DROP TABLE trabajo.Lo_Procesos;
DROP SEQUENCE trabajo.Seq_Lo_Procesos;
DELETE FROM trabajo.Chunks AS c
USING trabajo.Trabajos AS t
WHERE t.ID_Trabajo = c.ID_Trabajo AND t.Clave = 'LO_PROCESOS';
DELETE FROM trabajo.Trabajos AS t WHERE t.Clave = 'LO_PROCESOS';
