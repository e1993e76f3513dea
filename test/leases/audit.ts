import type { Session } from '../../engine/index.js';
import { sql } from './support.js';

/**
 * The protocol's rules, watched by the test's own database and not by what calls answer: triggers on `trabajo.Chunks` and
 * `trabajo.Trabajos` look at every change of a row, and at what stands at the commit, and write what breaks a rule into
 * `auditoria.Violaciones`, in the transaction that broke it. PostgreSQL only: SQL Server has no triggers that wait for the
 * commit; there the tests compare what they read.
 *
 * `auditoria.Efectos` is what work leaves behind: a row for each part of a chunk, written after the lease was checked.
 */
const tables = `
CREATE TABLE auditoria.Efectos (
  ID_Chunk bigint NOT NULL,
  Token bigint NOT NULL,
  Parte int NOT NULL
);`;

const triggers = `
CREATE TABLE auditoria.Violaciones (
  ID bigint GENERATED ALWAYS AS IDENTITY,
  ID_Trabajo bigint,
  ID_Chunk bigint,
  Regla text NOT NULL,
  Sesion text NOT NULL DEFAULT current_setting('application_name')
);

CREATE TABLE auditoria.Cambios (
  ID bigint GENERATED ALWAYS AS IDENTITY,
  Momento timestamptz NOT NULL DEFAULT clock_timestamp(),
  ID_Trabajo bigint NOT NULL,
  ID_Chunk bigint,
  Hecho text NOT NULL,
  Token bigint
);
CREATE INDEX ON auditoria.Cambios (ID_Trabajo, Hecho);

CREATE FUNCTION auditoria.falta(p_trabajo bigint, p_chunk bigint, p_regla text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ INSERT INTO auditoria.Violaciones (ID_Trabajo, ID_Chunk, Regla) VALUES (p_trabajo, p_chunk, p_regla); $$;

-- De quien es la sesion: la prueba llama operator a la suya; un proceso, por lo que reclamo o renovo en ella. NULL: no se sabe
CREATE FUNCTION auditoria.sesion() RETURNS text LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN s.nombre ~ '^(w[0-9]+|operator)$' THEN s.nombre ELSE NULLIF(current_setting('auditoria.poseedor', true), '') END
  FROM (SELECT current_setting('application_name') AS nombre) AS s;
$$;

-- cada cambio de una fila, por si solo
CREATE FUNCTION auditoria.mira_chunk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  v_sesion text := auditoria.sesion();
  v_vencido boolean := OLD.expira < clock_timestamp();
  v_cancelado boolean;
  v_max integer;
  v_hecho text;
  v_sello text;
BEGIN
  SELECT t.cancelado, t.max_intentos INTO v_cancelado, v_max FROM trabajo.Trabajos AS t WHERE t.id_trabajo = OLD.id_trabajo;

  IF (OLD.id_trabajo, OLD.orden, OLD.rango_inicio, OLD.rango_fin, OLD.recurso, OLD.peso)
    IS DISTINCT FROM (NEW.id_trabajo, NEW.orden, NEW.rango_inicio, NEW.rango_fin, NEW.recurso, NEW.peso)
  THEN
    PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, 'what a chunk is has changed');
  END IF;

  IF NEW.token NOT IN (OLD.token, OLD.token + 1) THEN
    PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, format('the token went from %s to %s', OLD.token, NEW.token));

  ELSIF NEW.token > OLD.token THEN
    v_hecho := CASE WHEN OLD.poseedor IS NULL THEN 'RECLAMA' ELSE 'TOMA' END;
    IF OLD.estado <> 'PENDIENTE' OR NEW.estado <> 'PENDIENTE' OR NEW.poseedor IS NULL THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, format('claimed from %s to %s', OLD.estado, NEW.estado));
    END IF;
    IF OLD.poseedor IS NOT NULL AND NOT v_vencido THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, format('the live lease of %s was claimed', OLD.poseedor));
    END IF;
    -- esta sesion es de ese poseedor: lo recuerda ella misma, para cuando termine un chunk
    PERFORM set_config('auditoria.poseedor', NEW.poseedor, false);
    IF OLD.no_antes_de > clock_timestamp() THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, 'claimed before its time');
    END IF;
    IF NEW.intento <> OLD.intento + 1 OR NEW.intento > v_max THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, format('claimed as attempt %s after %s of %s', NEW.intento, OLD.intento, v_max));
    END IF;

  ELSIF OLD.estado <> 'PENDIENTE' THEN
    v_hecho := 'REABRE';
    IF NEW IS DISTINCT FROM OLD AND NOT (
      OLD.estado IN ('ERROR', 'CANCELADO') AND NEW.estado = 'PENDIENTE' AND NEW.poseedor IS NULL AND NEW.intento = 0)
    THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, format('an ended chunk changed (%s, now %s)', OLD.estado, NEW.estado));
    END IF;

  ELSIF OLD.poseedor IS NULL THEN
    v_hecho := CASE WHEN NEW.estado = 'PENDIENTE' THEN 'ESPERA' ELSE 'BARRE' END;
    IF NEW.poseedor IS NOT NULL THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, 'held without a new token');
    END IF;
    IF NEW.estado <> 'PENDIENTE' AND NOT (NEW.estado = 'CANCELADO' AND v_cancelado) THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, format('%s, though nobody held it', NEW.estado));
    END IF;
    IF NEW.intento <> OLD.intento THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, 'a free chunk''s attempts changed');
    END IF;

  ELSIF NEW.poseedor IS NOT NULL THEN
    v_hecho := 'RENUEVA';
    IF NEW.poseedor <> OLD.poseedor THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, format('from %s to %s under one token', OLD.poseedor, NEW.poseedor));
    END IF;
    -- acortar un arriendo es la prueba, que simula el vencimiento
    IF NEW.expira > clock_timestamp() THEN
      IF v_sesion <> NEW.poseedor THEN
        PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, format('%s renewed the lease of %s', v_sesion, OLD.poseedor));
      ELSE
        PERFORM set_config('auditoria.poseedor', NEW.poseedor, false);
      END IF;
    END IF;
    IF NEW.intento <> OLD.intento THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, 'a held chunk''s attempts changed');
    END IF;

  ELSE
    v_hecho := CASE NEW.estado
      WHEN 'COMPLETADO' THEN 'COMPLETA' WHEN 'ERROR' THEN 'FALLA' WHEN 'CANCELADO' THEN 'CANCELA' WHEN 'PENDIENTE' THEN 'DEVUELVE'
      ELSE 'PARTE' END;
    IF NEW.estado = 'CANCELADO' AND NOT v_cancelado THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, 'cancelled in a job that is not');
    END IF;
    IF v_sesion <> OLD.poseedor AND NOT (
      v_vencido AND (NEW.estado = 'CANCELADO' OR NEW.estado = 'ERROR' AND OLD.intento >= v_max))
    THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, format('%s made the chunk of %s %s', v_sesion, OLD.poseedor, NEW.estado));
    END IF;
    IF NOT (NEW.intento = OLD.intento OR NEW.estado = 'PENDIENTE' AND NEW.intento = OLD.intento - 1) THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, format('attempts went from %s to %s', OLD.intento, NEW.intento));
    END IF;
    -- quien termina un chunk deja dicho con que token: en el resultado o en el error
    v_sello := CASE
      WHEN NEW.estado = 'COMPLETADO' THEN substring(NEW.resultado FROM '"token": ?"([0-9]+)"')
      WHEN NEW.ultimo_error IS DISTINCT FROM OLD.ultimo_error THEN substring(NEW.ultimo_error FROM 'token ([0-9]+) failed')
    END;
    IF v_sello <> OLD.token::text THEN
      PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, format('token %s ended what token %s holds', v_sello, OLD.token));
    END IF;
  END IF;

  INSERT INTO auditoria.Cambios (ID_Trabajo, ID_Chunk, Hecho, Token)
  VALUES (OLD.id_trabajo, OLD.id_chunk, COALESCE(v_hecho, '?'), NEW.token);
  RETURN NULL;
END
$$;
CREATE TRIGGER auditoria_mira AFTER UPDATE ON trabajo.Chunks FOR EACH ROW EXECUTE FUNCTION auditoria.mira_chunk();

CREATE FUNCTION auditoria.borra_chunk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM auditoria.falta(OLD.id_trabajo, OLD.id_chunk, 'a chunk was deleted');
  RETURN NULL;
END
$$;
CREATE TRIGGER auditoria_borra AFTER DELETE ON trabajo.Chunks FOR EACH ROW EXECUTE FUNCTION auditoria.borra_chunk();

CREATE FUNCTION auditoria.mira_trabajo() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF OLD.estado <> 'EN_PROGRESO' AND NEW.estado <> 'EN_PROGRESO' THEN
    PERFORM auditoria.falta(OLD.id_trabajo, NULL, format('a job that had ended (%s) was written again (%s)', OLD.estado, NEW.estado));
  ELSIF OLD.estado <> NEW.estado THEN
    INSERT INTO auditoria.Cambios (ID_Trabajo, Hecho)
    VALUES (OLD.id_trabajo, CASE WHEN NEW.estado = 'EN_PROGRESO' THEN 'REABRE_TRABAJO' ELSE 'FINALIZA' END);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER auditoria_mira AFTER UPDATE ON trabajo.Trabajos FOR EACH ROW EXECUTE FUNCTION auditoria.mira_trabajo();

-- lo que queda al confirmar: estos esperan hasta entonces y ven lo confirmado por los demas
CREATE FUNCTION auditoria.al_reclamar() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM FROM trabajo.Trabajos AS t WHERE t.id_trabajo = NEW.id_trabajo AND t.estado = 'EN_PROGRESO' AND NOT t.cancelado;
  IF NOT FOUND THEN
    PERFORM auditoria.falta(NEW.id_trabajo, NEW.id_chunk, 'claimed or made in a job that was cancelled or had ended');
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER auditoria_reclama AFTER UPDATE ON trabajo.Chunks DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.token > OLD.token) EXECUTE FUNCTION auditoria.al_reclamar();
CREATE CONSTRAINT TRIGGER auditoria_crea AFTER INSERT ON trabajo.Chunks DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION auditoria.al_reclamar();

CREATE FUNCTION auditoria.al_finalizar() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  v record;
BEGIN
  SELECT
    count(*) FILTER (WHERE c.estado <> 'OMITIDO') AS total,
    count(*) FILTER (WHERE c.estado = 'COMPLETADO') AS completados,
    count(*) FILTER (WHERE c.estado = 'ERROR') AS fallidos,
    count(*) FILTER (WHERE c.estado = 'CANCELADO') AS cancelados,
    count(*) FILTER (WHERE c.estado = 'PENDIENTE') AS pendientes
  INTO v FROM trabajo.Chunks AS c WHERE c.id_trabajo = NEW.id_trabajo;
  IF v.pendientes > 0 THEN
    PERFORM auditoria.falta(NEW.id_trabajo, NULL, format('finalized with %s unfinished chunks', v.pendientes));
  ELSIF (v.total, v.completados, v.fallidos, v.cancelados)
    IS DISTINCT FROM (NEW.total::bigint, NEW.completados::bigint, NEW.fallidos::bigint, NEW.cancelados::bigint)
  THEN
    PERFORM auditoria.falta(NEW.id_trabajo, NULL, format('finalized with wrong counts (%s, %s, %s, %s)',
      NEW.total, NEW.completados, NEW.fallidos, NEW.cancelados));
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER auditoria_finaliza AFTER UPDATE ON trabajo.Trabajos DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.estado <> OLD.estado AND NEW.estado <> 'EN_PROGRESO') EXECUTE FUNCTION auditoria.al_finalizar();

CREATE FUNCTION auditoria.al_trabajar() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  v record;
BEGIN
  SELECT c.id_trabajo, c.token, c.estado, c.poseedor INTO v FROM trabajo.Chunks AS c WHERE c.id_chunk = NEW.id_chunk;
  IF v.token <> NEW.token OR NOT (v.estado = 'COMPLETADO' OR v.estado = 'PENDIENTE' AND v.poseedor IS NOT NULL) THEN
    PERFORM auditoria.falta(v.id_trabajo, NEW.id_chunk, format('work of token %s is committed beside token %s (%s, held by %s)',
      NEW.token, v.token, v.estado, COALESCE(v.poseedor, 'nobody')));
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER auditoria_trabaja AFTER INSERT ON auditoria.Efectos DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION auditoria.al_trabajar();`;

/**
 * For real handlers: each part that they write in a transaction of work is an effect, and takes its time, without the
 * machine's; one in eight longer than a short lease, so that the lease runs out in the middle of it.
 */
const realWork = `
CREATE FUNCTION auditoria.trabaja(p_chunk bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  v_sesion text := auditoria.sesion();
  v record;
BEGIN
  -- lo que una transaccion escribe en varias sentencias es un solo efecto
  IF current_setting('auditoria.efecto', true) = p_chunk::text THEN
    RETURN;
  END IF;
  PERFORM set_config('auditoria.efecto', p_chunk::text, true);
  SELECT c.id_trabajo, c.token, c.poseedor INTO v FROM trabajo.Chunks AS c WHERE c.id_chunk = p_chunk;
  IF v_sesion <> v.poseedor THEN
    PERFORM auditoria.falta(v.id_trabajo, p_chunk, format('%s works on what %s holds', v_sesion, v.poseedor));
  END IF;
  INSERT INTO auditoria.Efectos (ID_Chunk, Token, Parte) VALUES (p_chunk, v.token, 1);
  PERFORM pg_sleep(CASE WHEN random() < 0.125 THEN 1 + random() * 2 ELSE random() * 0.2 END);
END
$$;
CREATE FUNCTION auditoria.trabaja_fondo() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM auditoria.trabaja(e.id_chunk)
  FROM logs.Ejecuciones AS e
  WHERE e.id_ejecucion IN (SELECT n.id_ejecucion FROM nuevas AS n) AND e.id_chunk IS NOT NULL;
  RETURN NULL;
END
$$;
CREATE TRIGGER auditoria_trabaja AFTER INSERT ON staging.IPA_Final REFERENCING NEW TABLE AS nuevas
FOR EACH STATEMENT EXECUTE FUNCTION auditoria.trabaja_fondo();
CREATE FUNCTION auditoria.trabaja_log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM auditoria.trabaja(u.id_chunk) FROM (SELECT DISTINCT n.id_chunk FROM nuevas AS n WHERE n.id_chunk IS NOT NULL) AS u;
  RETURN NULL;
END
$$;
CREATE TRIGGER auditoria_trabaja AFTER INSERT ON logs.Bloques_Error REFERENCING NEW TABLE AS nuevas
FOR EACH STATEMENT EXECUTE FUNCTION auditoria.trabaja_log();`;

/** Watches besides what the handlers of funds and logs write, and slows them down. PostgreSQL only. */
export async function auditRealWork(session: Session): Promise<void> {
  await session.batch(realWork);
}

/** Puts the audit into a test's own database. */
export async function installAudit(session: Session): Promise<void> {
  await session.batch('CREATE SCHEMA auditoria');
  await session.batch(tables);
  if (session.dialect === 'postgres') await session.batch(triggers);
}

/** What broke a rule so far, of these jobs or of all. On SQL Server only work that was done twice. */
export async function readViolations(session: Session, jobs?: readonly bigint[]): Promise<string[]> {
  const mine = (column: string) => (jobs === undefined ? '1 = 1' : `${column} IN (${jobs.join(', ')})`);
  const repeated = sql(
    session,
    `SELECT e.ID_Chunk, e.Parte, COUNT(*) AS veces
     FROM auditoria.Efectos AS e INNER JOIN trabajo.Chunks AS c ON c.ID_Chunk = e.ID_Chunk
     WHERE ${mine('c.ID_Trabajo')}
     GROUP BY e.ID_Chunk, e.Parte HAVING COUNT(*) > 1`,
  );
  const broken =
    session.dialect === 'postgres'
      ? sql(
          session,
          `SELECT ID_Trabajo, ID_Chunk, Regla FROM auditoria.Violaciones WHERE ${mine('ID_Trabajo')} ORDER BY ID`,
        )
      : [];
  const [twice, rows] = await Promise.all([repeated, broken]);
  const found = twice.map(
    (row) =>
      `chunk ${String(row['id_chunk'])}: part ${String(row['parte'])} was done ${String(row['veces'])} times`,
  );
  return [
    ...found,
    ...rows.map(
      (row) =>
        `job ${String(row['id_trabajo'])}, chunk ${String(row['id_chunk'] ?? '-')}: ${String(row['regla'])}`,
    ),
  ];
}

/** How often each kind of change happened, of these jobs or of all. PostgreSQL only. */
export async function countChanges(
  session: Session,
  jobs?: readonly bigint[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await sql(
    session,
    `SELECT Hecho, COUNT(*) AS n FROM auditoria.Cambios
     WHERE ${jobs === undefined ? '1 = 1' : `ID_Trabajo IN (${jobs.join(', ')})`}
     GROUP BY Hecho`,
  );
  return new Map(rows.map((row) => [String(row['hecho']), Number(row['n'])]));
}
