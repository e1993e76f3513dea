import type { Engine, Session } from '../../engine/index.js';
import type { FundsProcess } from '../../runner/process.js';

/** What a lane of the bare loop did. */
export interface BareRun {
  readonly makespan_ms: number;
  readonly round_trips: number;
  /** Milliseconds of all services as the server measured them. */
  readonly service_ms: number;
}

/**
 * Where there is no psql: the same procedures, called the way a script would: a session a lane, plain SQL, one call after the other; no heartbeat, no
 * retry, no trace, nobody who could take over. What a lane of ours costs beyond this is the price of the runner.
 */
export async function bareLoop(
  engine: Engine,
  process: FundsProcess,
  services: readonly string[],
  lanes: number,
): Promise<BareRun> {
  const begun = performance.now();
  const done = await Promise.all(
    Array.from({ length: lanes }, (_unused, i) =>
      engine.connection((session) => lane(session, process, services, `bare:${i}`)),
    ),
  );
  await engine.query('SELECT * FROM logs.sp_Finalizar_Proceso($1)', [process.id]);
  return {
    makespan_ms: performance.now() - begun,
    round_trips: done.reduce((sum, { trips }) => sum + trips, 1),
    service_ms: done.reduce((sum, { ms }) => sum + ms, 0),
  };
}

async function lane(
  session: Session,
  process: FundsProcess,
  services: readonly string[],
  holder: string,
): Promise<{ trips: number; ms: number }> {
  let trips = 0;
  let ms = 0;
  for (;;) {
    trips += 1;
    const [chunk] = await session.query(
      `SELECT * FROM trabajo.sp_Reclamar_Chunks($1, '[{"Tipo": "FONDOS"}]', 1, 600, $2)`,
      [holder, process.job],
    );
    if (chunk === undefined) return { trips, ms };
    const lease = [chunk['rango_inicio'] as bigint, chunk['token'] as bigint] as const;
    for (const service of services) {
      trips += 1;
      const [ran] = await session.query('SELECT * FROM logs.sp_Ejecutar_Servicio($1, $2, $3)', [
        lease[0],
        service,
        lease[1],
      ]);
      ms += Number(ran?.['duracion_ms']);
    }
    trips += 1;
    await session.query('SELECT * FROM logs.sp_Completar_Ejecucion($1, $2)', [...lease]);
  }
}
