/*
  019: LO_PROCESOS, una vista sobre los chunks (semilla 000, fase 0). La tabla de antes queda entera, con otro nombre y sin
  que nada la toque, como respaldo: lo que el down devuelve. Sus filas pasan a un trabajo de tipo LO_PROCESOS, un chunk por
  fila, que ningun worker reclama y que no termina nunca; trabajo.Lo_Procesos guarda lo que escribieron, con los mismos id.
  La vista tiene las columnas de antes y las cuatro de la semilla (byte_inicio, byte_fin, ruta_archivo, estado), y sus
  disparadores dejan que los programas viejos sigan escribiendo en ella. Muestra tambien, con id negativo y solo para leer,
  los chunks de la revision de logs de carril.

  La vista y sus disparadores estan aqui y no en procedures/: asi el nombre no falta ni un instante.
*/
SET LOCAL ROLE carril_dueno;

-- espera a quien este escribiendo y no deja entrar a nadie hasta confirmar
ALTER TABLE public.LO_PROCESOS RENAME TO LO_PROCESOS_Respaldo_019;

-- una vista no cumple lo que cuelga de la tabla, y lo que la miraba a ella miraria el respaldo: mejor no empezar
DO $comprobar$
DECLARE
  v_tabla oid := 'public.lo_procesos_respaldo_019'::regclass;
  v_estorba text;
BEGIN
  SELECT string_agg(f.que, ', ' ORDER BY f.que) INTO v_estorba
  FROM (
    SELECT 'no es una tabla comun' FROM pg_class AS c WHERE c.oid = v_tabla AND (c.relkind <> 'r' OR c.relispartition)
    UNION ALL
    SELECT 'la columna ' || a.attname
    FROM pg_attribute AS a
    WHERE a.attrelid = v_tabla AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname NOT IN ('id', 'proceso', 'usuario', 'fecha_inicio', 'fecha_fin', 'mensaje')
    UNION ALL
    SELECT 'el disparador ' || t.tgname FROM pg_trigger AS t WHERE t.tgrelid = v_tabla AND NOT t.tgisinternal
    UNION ALL
    SELECT 'la restriccion ' || k.conname FROM pg_constraint AS k WHERE k.conrelid = v_tabla AND k.contype IN ('c', 'f', 'u', 'x')
    UNION ALL
    SELECT format('la clave foranea %s de %s', k.conname, k.conrelid::regclass)
    FROM pg_constraint AS k
    WHERE k.confrelid = v_tabla
    UNION ALL
    SELECT 'el indice unico ' || i.indexrelid::regclass
    FROM pg_index AS i
    WHERE i.indrelid = v_tabla AND i.indisunique AND NOT i.indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)
    UNION ALL
    SELECT 'la politica ' || p.polname FROM pg_policy AS p WHERE p.polrelid = v_tabla
    UNION ALL
    SELECT DISTINCT 'la vista ' || r.ev_class::regclass
    FROM pg_depend AS d
    INNER JOIN pg_rewrite AS r ON r.oid = d.objid
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = v_tabla
    UNION ALL
    SELECT 'un id negativo' WHERE EXISTS (SELECT FROM public.LO_PROCESOS_Respaldo_019 AS r WHERE r.id < 0)
  ) AS f (que);

  IF v_estorba IS NOT NULL THEN
    RAISE EXCEPTION 'LO_PROCESOS tiene lo que una vista en su lugar no tendria: %. Quitelo antes de 019', v_estorba
      USING ERRCODE = 'UC409';
  END IF;
END
$comprobar$;

-- Lo que escriben los programas viejos. El estado y el arriendo son del chunk; su rango y su recurso, copias de estos.
CREATE TABLE trabajo.Lo_Procesos (
  -- del contador de la tabla de antes: sigue donde iba, tambien despues del down
  id bigint CONSTRAINT PK_Lo_Procesos PRIMARY KEY,
  ID_Chunk bigint NOT NULL CONSTRAINT UQ_Lo_Procesos_Chunk UNIQUE
    CONSTRAINT FK_Lo_Procesos_Chunks REFERENCES trabajo.Chunks (ID_Chunk),
  proceso varchar(200) NOT NULL,
  usuario varchar(100),
  fecha_inicio timestamptz(3) NOT NULL,
  fecha_fin timestamptz(3),
  mensaje varchar(4000),
  byte_inicio bigint,
  -- exclusivo
  byte_fin bigint,
  ruta_archivo varchar(400),
  CONSTRAINT CK_Lo_Procesos_Rango CHECK (byte_inicio <= byte_fin)
);
-- los rangos de un archivo
CREATE INDEX IX_Lo_Procesos_Ruta ON trabajo.Lo_Procesos (ruta_archivo, byte_inicio) WHERE ruta_archivo IS NOT NULL;

-- La vista da a los chunks de la revision de logs el id -ID_Chunk: con esto, buscar una fila por su id no los recorre. Solo los
-- que tienen rango, para no costarle nada a lo demas.
CREATE INDEX IX_Chunks_Lo_Procesos ON trabajo.Chunks ((-ID_Chunk)) WHERE Rango_Inicio IS NOT NULL;

-- el Orden de los chunks de LO_PROCESOS: dos que insertan a la vez no se esperan
CREATE SEQUENCE trabajo.Seq_Lo_Procesos AS integer;

INSERT INTO trabajo.Trabajos (Tipo, Clave, Usuario) VALUES ('LO_PROCESOS', 'LO_PROCESOS', session_user);

-- el trabajo, sus chunks y las filas: todo nuevo, nadie mas lo ve
WITH trabajo AS (
  SELECT t.ID_Trabajo FROM trabajo.Trabajos AS t WHERE t.Clave = 'LO_PROCESOS'
), filas AS MATERIALIZED (
  SELECT
    r.id, r.proceso, r.usuario, r.fecha_inicio, r.fecha_fin, r.mensaje,
    nextval(pg_get_serial_sequence('trabajo.chunks', 'id_chunk')) AS ID_Chunk,
    nextval('trabajo.seq_lo_procesos')::integer AS Orden
  FROM (SELECT * FROM public.LO_PROCESOS_Respaldo_019 ORDER BY id) AS r
), chunks AS (
  INSERT INTO trabajo.Chunks (ID_Chunk, ID_Trabajo, Orden, Estado, Fin)
  SELECT f.ID_Chunk, t.ID_Trabajo, f.Orden, CASE WHEN f.fecha_fin IS NULL THEN 'PENDIENTE' ELSE 'COMPLETADO' END, f.fecha_fin
  FROM filas AS f
  CROSS JOIN trabajo AS t
)
INSERT INTO trabajo.Lo_Procesos (id, ID_Chunk, proceso, usuario, fecha_inicio, fecha_fin, mensaje)
SELECT f.id, f.ID_Chunk, f.proceso, f.usuario, f.fecha_inicio, f.fecha_fin, f.mensaje
FROM filas AS f;

-- Lo que un 019 revertido aparto porque la tabla no tiene donde ponerlo. Si entretanto un programa puso o quito fecha_fin, el
-- estado es el que habria quedado escribiendolo en la vista.
DO $rangos$
BEGIN
  IF to_regclass('public.lo_procesos_rangos_019') IS NULL THEN
    RETURN;
  END IF;

  UPDATE trabajo.Lo_Procesos AS l
  SET byte_inicio = r.byte_inicio, byte_fin = r.byte_fin, ruta_archivo = r.ruta_archivo
  FROM public.LO_PROCESOS_Rangos_019 AS r
  WHERE r.id = l.id;

  UPDATE trabajo.Chunks AS c
  SET
    Rango_Inicio = r.byte_inicio, Rango_Fin = r.byte_fin, Recurso = r.ruta_archivo, Token = r.Token, Intento = r.Intento,
    Inicio = r.Inicio, Ultimo_Error = r.Ultimo_Error,
    Estado = CASE WHEN r.estado = 'PROCESANDO' THEN 'PENDIENTE' ELSE r.estado END,
    Poseedor = CASE WHEN r.estado = 'PROCESANDO' THEN r.Poseedor END,
    Expira = CASE WHEN r.estado = 'PROCESANDO' THEN r.Expira END,
    Fin = CASE WHEN r.estado NOT IN ('PENDIENTE', 'PROCESANDO') THEN COALESCE(r.fecha_fin, r.Fin) END
  FROM (
    SELECT
      l.ID_Chunk, l.fecha_fin, x.byte_inicio, x.byte_fin, x.ruta_archivo, x.Poseedor, x.Token, x.Intento, x.Expira, x.Inicio,
      x.Fin, x.Ultimo_Error,
      CASE
        WHEN x.fecha_fin IS NULL AND l.fecha_fin IS NOT NULL AND x.estado IN ('PENDIENTE', 'PROCESANDO') THEN 'COMPLETADO'
        WHEN x.fecha_fin IS NOT NULL AND l.fecha_fin IS NULL AND x.estado = 'COMPLETADO' THEN 'PENDIENTE'
        ELSE x.estado
      END AS estado
    FROM public.LO_PROCESOS_Rangos_019 AS x
    INNER JOIN trabajo.Lo_Procesos AS l ON l.id = x.id
  ) AS r
  WHERE c.ID_Chunk = r.ID_Chunk;

  DROP TABLE public.LO_PROCESOS_Rangos_019;
END
$rangos$;

CREATE VIEW public.LO_PROCESOS AS
SELECT
  l.id, l.proceso, l.usuario, l.fecha_inicio, l.fecha_fin, l.mensaje, l.byte_inicio, l.byte_fin, l.ruta_archivo,
  CASE WHEN c.Poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.Estado END::varchar(50) AS estado
FROM trabajo.Lo_Procesos AS l
INNER JOIN trabajo.Chunks AS c ON c.ID_Chunk = l.ID_Chunk
UNION ALL
-- la revision de logs de carril: se mira, no se toca
SELECT
  -c.ID_Chunk, 'carril'::varchar(200), left(COALESCE(c.Poseedor, t.Usuario), 100)::varchar(100),
  COALESCE(c.Inicio, t.FechaCreacion), c.Fin, c.Ultimo_Error, c.Rango_Inicio, c.Rango_Fin, c.Recurso,
  CASE WHEN c.Poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.Estado END::varchar(50)
FROM trabajo.Trabajos AS t
INNER JOIN trabajo.Chunks AS c ON c.ID_Trabajo = t.ID_Trabajo
WHERE t.Tipo = 'LOGS' AND c.Rango_Inicio IS NOT NULL;

-- los valores por defecto de la tabla, que a la vista tambien le valen: un INSERT que calla una columna la recibe
DO $defecto$
DECLARE
  v_columna record;
BEGIN
  FOR v_columna IN
    SELECT a.attname, pg_get_expr(d.adbin, d.adrelid) AS expresion
    FROM pg_attrdef AS d
    INNER JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE d.adrelid = 'public.lo_procesos_respaldo_019'::regclass AND a.attname <> 'id'
  LOOP
    EXECUTE format('ALTER VIEW public.LO_PROCESOS ALTER COLUMN %I SET DEFAULT %s', v_columna.attname, v_columna.expresion);
  END LOOP;
END
$defecto$;

/*
  Un INSERT. Sin estado, el que dice fecha_fin: PENDIENTE o COMPLETADO. Con PROCESANDO (o EN_PROGRESO), quien lo escribe es su
  poseedor por 30 minutos. El id lo da el contador de la tabla, en ultimo lugar: lastval() es el de la fila.
*/
CREATE FUNCTION trabajo.tr_Lo_Procesos_Insertar()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_ahora timestamptz(3) := clock_timestamp();
  v_estado text := COALESCE(
    NULLIF(upper(btrim(NEW.estado)), ''), CASE WHEN NEW.fecha_fin IS NULL THEN 'PENDIENTE' ELSE 'COMPLETADO' END);
  v_toma boolean;
  v_chunk bigint;
BEGIN
  IF v_estado = 'EN_PROGRESO' THEN
    v_estado := 'PROCESANDO';
  END IF;
  IF v_estado NOT IN ('PENDIENTE', 'PROCESANDO', 'COMPLETADO', 'ERROR', 'CANCELADO') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format(
      'LO_PROCESOS: %s no es un estado: PENDIENTE, PROCESANDO, COMPLETADO, ERROR o CANCELADO', NEW.estado);
  END IF;
  IF NEW.byte_fin < NEW.byte_inicio THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format(
      'LO_PROCESOS: byte_fin (%s) esta antes de byte_inicio (%s)', NEW.byte_fin, NEW.byte_inicio);
  END IF;
  IF NEW.id < 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'LO_PROCESOS: los id negativos son de la revision de logs de carril';
  END IF;

  v_toma := v_estado = 'PROCESANDO';
  INSERT INTO trabajo.Chunks (
    id_trabajo, orden, rango_inicio, rango_fin, recurso, estado, poseedor, token, intento, expira, inicio, fin, ultimo_error)
  SELECT
    t.id_trabajo, nextval('trabajo.seq_lo_procesos'), NEW.byte_inicio, NEW.byte_fin, NEW.ruta_archivo,
    CASE WHEN v_toma THEN 'PENDIENTE' ELSE v_estado END, CASE WHEN v_toma THEN COALESCE(NEW.usuario, session_user) END,
    v_toma::integer, v_toma::integer, CASE WHEN v_toma THEN v_ahora + interval '30 minutes' END,
    CASE WHEN v_toma THEN v_ahora END,
    CASE WHEN v_estado NOT IN ('PENDIENTE', 'PROCESANDO') THEN COALESCE(NEW.fecha_fin, v_ahora) END,
    CASE WHEN v_estado = 'ERROR' THEN NEW.mensaje END
  FROM trabajo.Trabajos AS t
  WHERE t.clave = 'LO_PROCESOS'
  RETURNING id_chunk INTO v_chunk;

  NEW.id := COALESCE(NEW.id, nextval(pg_get_serial_sequence('public.lo_procesos_respaldo_019', 'id')));
  NEW.estado := v_estado;
  INSERT INTO trabajo.Lo_Procesos (
    id, id_chunk, proceso, usuario, fecha_inicio, fecha_fin, mensaje, byte_inicio, byte_fin, ruta_archivo)
  VALUES (
    NEW.id, v_chunk, NEW.proceso, NEW.usuario, NEW.fecha_inicio, NEW.fecha_fin, NEW.mensaje, NEW.byte_inicio, NEW.byte_fin,
    NEW.ruta_archivo);
  RETURN NEW;
END
$$;

/*
  Un UPDATE de una fila. El estado cambia si se escribe otro; si no, lo cambia fecha_fin: al ponerla termina lo que no habia
  terminado, al quitarla vuelve a empezar lo completado. PROCESANDO escrito de nuevo con otro usuario u otra fecha_inicio es
  otro que lo toma: el token avanza y el anterior ya no puede liberarlo.
  La fila se mira otra vez con ella bloqueada: si ya no es la que el UPDATE encontro, dos no toman lo mismo (UC408, se repite).
*/
CREATE FUNCTION trabajo.tr_Lo_Procesos_Cambiar()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_ahora timestamptz(3) := clock_timestamp();
  v_estado text := NULLIF(upper(btrim(NEW.estado)), '');
  v_toma boolean;
  v_cambia boolean;
  v_actual record;
BEGIN
  IF OLD.id < 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'LO_PROCESOS: la fila %s es de la revision de logs de carril: solo se lee', OLD.id);
  END IF;
  IF NEW.id IS DISTINCT FROM OLD.id THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format('LO_PROCESOS: el id %s no se cambia', OLD.id);
  END IF;
  IF NEW.byte_fin < NEW.byte_inicio THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format(
      'LO_PROCESOS: byte_fin (%s) esta antes de byte_inicio (%s)', NEW.byte_fin, NEW.byte_inicio);
  END IF;

  v_estado := CASE
    WHEN v_estado = 'EN_PROGRESO' THEN 'PROCESANDO'
    WHEN v_estado IS NULL THEN CASE WHEN NEW.fecha_fin IS NULL THEN 'PENDIENTE' ELSE 'COMPLETADO' END
    WHEN v_estado <> OLD.estado THEN v_estado
    WHEN OLD.fecha_fin IS NULL AND NEW.fecha_fin IS NOT NULL AND OLD.estado IN ('PENDIENTE', 'PROCESANDO') THEN 'COMPLETADO'
    WHEN OLD.fecha_fin IS NOT NULL AND NEW.fecha_fin IS NULL AND OLD.estado = 'COMPLETADO' THEN 'PENDIENTE'
    ELSE v_estado
  END;
  IF v_estado NOT IN ('PENDIENTE', 'PROCESANDO', 'COMPLETADO', 'ERROR', 'CANCELADO') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format(
      'LO_PROCESOS: %s no es un estado: PENDIENTE, PROCESANDO, COMPLETADO, ERROR o CANCELADO', NEW.estado);
  END IF;
  v_toma := v_estado = 'PROCESANDO' AND (
    OLD.estado <> 'PROCESANDO' OR NEW.usuario IS DISTINCT FROM OLD.usuario OR NEW.fecha_inicio IS DISTINCT FROM OLD.fecha_inicio);
  v_cambia := v_toma OR v_estado <> OLD.estado;

  -- quien lo tiene o lo tuvo puede estar a mitad de una transaccion: su candado, antes que la fila
  IF v_cambia THEN
    PERFORM trabajo.sp_Bloquear('carril:chunk:' || l.id_chunk, 'Exclusive', 15000)
    FROM trabajo.Lo_Procesos AS l
    INNER JOIN trabajo.Chunks AS c ON c.id_chunk = l.id_chunk
    WHERE l.id = OLD.id AND (c.poseedor IS NOT NULL OR (v_toma AND c.token > 0));
  END IF;

  SELECT
    l.id_chunk,
    (l.proceso, l.usuario, l.fecha_inicio, l.fecha_fin, l.mensaje, l.byte_inicio, l.byte_fin, l.ruta_archivo,
      CASE WHEN c.poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.estado END)
    IS NOT DISTINCT FROM
    (OLD.proceso, OLD.usuario, OLD.fecha_inicio, OLD.fecha_fin, OLD.mensaje, OLD.byte_inicio, OLD.byte_fin, OLD.ruta_archivo,
      OLD.estado) AS igual
  INTO v_actual
  FROM trabajo.Lo_Procesos AS l
  INNER JOIN trabajo.Chunks AS c ON c.id_chunk = l.id_chunk
  WHERE l.id = OLD.id
  FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF NOT v_actual.igual THEN
    RAISE EXCEPTION USING ERRCODE = 'UC408', MESSAGE = format(
      'LO_PROCESOS: otra sesion cambio la fila %s mientras se escribia; se puede repetir la sentencia', OLD.id);
  END IF;

  UPDATE trabajo.Lo_Procesos AS l
  SET
    proceso = NEW.proceso, usuario = NEW.usuario, fecha_inicio = NEW.fecha_inicio, fecha_fin = NEW.fecha_fin,
    mensaje = NEW.mensaje, byte_inicio = NEW.byte_inicio, byte_fin = NEW.byte_fin, ruta_archivo = NEW.ruta_archivo
  WHERE l.id = OLD.id;

  UPDATE trabajo.Chunks AS c
  SET
    rango_inicio = NEW.byte_inicio,
    rango_fin = NEW.byte_fin,
    recurso = NEW.ruta_archivo,
    estado = CASE WHEN v_estado = 'PROCESANDO' THEN 'PENDIENTE' ELSE v_estado END,
    poseedor = CASE WHEN v_toma THEN COALESCE(NEW.usuario, session_user) WHEN v_estado = 'PROCESANDO' THEN c.poseedor END,
    expira = CASE WHEN v_toma THEN v_ahora + interval '30 minutes' WHEN v_estado = 'PROCESANDO' THEN c.expira END,
    token = c.token + v_toma::integer,
    intento = c.intento + v_toma::integer,
    inicio = CASE WHEN v_toma THEN v_ahora ELSE c.inicio END,
    fin = CASE WHEN v_estado NOT IN ('PENDIENTE', 'PROCESANDO') THEN COALESCE(NEW.fecha_fin, c.fin, v_ahora) END,
    ultimo_error = CASE WHEN v_estado = 'ERROR' THEN COALESCE(NEW.mensaje, c.ultimo_error) ELSE c.ultimo_error END
  WHERE c.id_chunk = v_actual.id_chunk;
  NEW.estado := v_estado;
  RETURN NEW;
END
$$;

-- Un DELETE de una fila, mirada otra vez con ella bloqueada.
CREATE FUNCTION trabajo.tr_Lo_Procesos_Borrar()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_actual record;
BEGIN
  IF OLD.id < 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'LO_PROCESOS: la fila %s es de la revision de logs de carril: solo se lee', OLD.id);
  END IF;

  PERFORM trabajo.sp_Bloquear('carril:chunk:' || l.id_chunk, 'Exclusive', 15000)
  FROM trabajo.Lo_Procesos AS l
  INNER JOIN trabajo.Chunks AS c ON c.id_chunk = l.id_chunk
  WHERE l.id = OLD.id AND c.poseedor IS NOT NULL;

  SELECT
    l.id_chunk,
    (l.proceso, l.usuario, l.fecha_inicio, l.fecha_fin, l.mensaje, l.byte_inicio, l.byte_fin, l.ruta_archivo,
      CASE WHEN c.poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.estado END)
    IS NOT DISTINCT FROM
    (OLD.proceso, OLD.usuario, OLD.fecha_inicio, OLD.fecha_fin, OLD.mensaje, OLD.byte_inicio, OLD.byte_fin, OLD.ruta_archivo,
      OLD.estado) AS igual
  INTO v_actual
  FROM trabajo.Lo_Procesos AS l
  INNER JOIN trabajo.Chunks AS c ON c.id_chunk = l.id_chunk
  WHERE l.id = OLD.id
  FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF NOT v_actual.igual THEN
    RAISE EXCEPTION USING ERRCODE = 'UC408', MESSAGE = format(
      'LO_PROCESOS: otra sesion cambio la fila %s mientras se borraba; se puede repetir la sentencia', OLD.id);
  END IF;

  DELETE FROM trabajo.Lo_Procesos AS l WHERE l.id = OLD.id;
  DELETE FROM trabajo.Chunks AS c WHERE c.id_chunk = v_actual.id_chunk;
  RETURN OLD;
END
$$;

CREATE TRIGGER tr_LO_PROCESOS_Insertar INSTEAD OF INSERT ON public.LO_PROCESOS
  FOR EACH ROW EXECUTE FUNCTION trabajo.tr_Lo_Procesos_Insertar();
CREATE TRIGGER tr_LO_PROCESOS_Cambiar INSTEAD OF UPDATE ON public.LO_PROCESOS
  FOR EACH ROW EXECUTE FUNCTION trabajo.tr_Lo_Procesos_Cambiar();
CREATE TRIGGER tr_LO_PROCESOS_Borrar INSTEAD OF DELETE ON public.LO_PROCESOS
  FOR EACH ROW EXECUTE FUNCTION trabajo.tr_Lo_Procesos_Borrar();

-- quien podia leer o escribir la tabla puede con la vista; el respaldo conserva sus permisos, para el down
DO $permisos$
DECLARE
  v_permiso record;
BEGIN
  FOR v_permiso IN
    SELECT g.privilege_type || COALESCE(' (' || quote_ident(g.attname) || ')', '') AS que,
      CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END AS quien,
      CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS opcion
    FROM (
      SELECT x.grantee, x.privilege_type, x.is_grantable, NULL::name AS attname
      FROM pg_class AS c, aclexplode(c.relacl) AS x
      WHERE c.oid = 'public.lo_procesos_respaldo_019'::regclass AND x.grantee <> c.relowner
      UNION
      SELECT x.grantee, x.privilege_type, x.is_grantable, a.attname
      FROM pg_attribute AS a, aclexplode(a.attacl) AS x
      WHERE a.attrelid = 'public.lo_procesos_respaldo_019'::regclass AND NOT a.attisdropped
    ) AS g
    WHERE g.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  LOOP
    EXECUTE format('GRANT %s ON public.LO_PROCESOS TO %s%s', v_permiso.que, v_permiso.quien, v_permiso.opcion);
  END LOOP;
END
$permisos$;
GRANT SELECT ON public.LO_PROCESOS TO carril_lector;
