import { spawn, spawnSync } from 'node:child_process';

import type { EmbeddedServer } from '../../engine/embedded/index.js';
import type { Engine } from '../../engine/index.js';
import type { FundsProcess } from '../../runner/process.js';
import type { BareRun } from './bare-loop.js';

/** `psql (PostgreSQL) 17.2`; undefined where there is none on the PATH: the PostgreSQL that npm installs has none. */
export function psqlVersion(): string | undefined {
  const { status, stdout } = spawnSync('psql', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** As `bareLoop`, by psql: a process a lane that runs the same calls from a script. */
export async function psqlLoop(
  engine: Engine,
  { target }: EmbeddedServer,
  process: FundsProcess,
  services: readonly string[],
  lanes: number,
): Promise<BareRun> {
  const funds = await fundsOf(engine, process);
  const begun = performance.now();
  const done = await Promise.all(
    Array.from({ length: lanes }, (_unused, i) =>
      lane(target, laneScript(process, services, funds, `psql:${i}`)),
    ),
  );
  await engine.query('SELECT * FROM logs.sp_Finalizar_Proceso($1)', [process.id]);
  const said = done.flatMap((text) => text.trim().split('\n'));
  return {
    makespan_ms: performance.now() - begun,
    // a claim, the services and a completion; the last claim of a lane finds nothing
    round_trips: said.filter((line) => line === 'claimed').length * (services.length + 2) + lanes + 1,
    service_ms: said.reduce((sum, line) => sum + (Number(line) || 0), 0),
  };
}

/** psql has no loop: as many turns as there are funds, and out at the first that finds none. */
function laneScript(
  { job }: FundsProcess,
  services: readonly string[],
  funds: number,
  holder: string,
): string {
  const calls = services.map(
    (service) => `SELECT duracion_ms FROM logs.sp_Ejecutar_Servicio(:e, '${service}', :t);`,
  );
  const turn = [
    `SELECT count(*) > 0 AS hay, max(rango_inicio) AS e, max(token) AS t FROM trabajo.sp_Reclamar_Chunks('${holder}', '[{"Tipo": "FONDOS"}]', 1, 600, ${job}) \\gset`,
    '\\if :hay',
    '\\echo claimed',
    ...calls,
    'SELECT FROM logs.sp_Completar_Ejecucion(:e, :t);',
    '\\else',
    '\\q',
    '\\endif',
  ].join('\n');
  return `\\set ON_ERROR_STOP on\n${`${turn}\n`.repeat(funds + 1)}`;
}

async function fundsOf(engine: Engine, { id }: FundsProcess): Promise<number> {
  const [row] = await engine.query('SELECT totalfondos AS n FROM logs.Procesos WHERE id_proceso = $1', [id]);
  return Number(row?.['n']);
}

/** What a session of psql said. @throws Error with its complaint */
async function lane(target: EmbeddedServer['target'], script: string): Promise<string> {
  const { host, port, user, password, database } = target;
  const child = spawn('psql', ['-XqAt'], {
    // as libpq reads it: nothing secret on the command line
    env: {
      ...process.env,
      ...{ PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password },
      ...{ PGDATABASE: database, PGAPPNAME: 'carril bench' },
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [said, complaint] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  // it may be gone before it has read the turns that it does not need
  child.stdin.on('error', () => undefined);
  child.stdin.end(script);
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(said);
      else reject(new Error(`psql ended with ${code}: ${complaint}`));
    });
  });
}
