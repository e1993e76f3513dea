/**
 * Real workers on funds and on logs, killed, stopped past their leases and asked to leave at random moments; at the end
 * healthy ones finish, and everything must be as if nobody had been disturbed.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import t from 'tap';

import { writeLog } from '../../benchmarks/log-generator.js';
import type { Session } from '../../engine/index.js';
import { seeded } from '../../runner/load/random.js';
import { syntheticFunds, syntheticPositions } from '../../runner/load/synthetic.js';
import { writeFunds, writePositions } from '../../runner/load/write.js';
import { processWorker, startProcess } from '../../runner/process.js';
import { blocksOfFile, scan } from '../runner/logs-support.js';
import { computedRows, rowCounts } from '../runner/support.js';
import { freshDatabase, runCarril } from '../testing/index.js';
import { testSize } from '../testing/thorough.js';
import { auditRealWork, countChanges, installAudit, readViolations } from './audit.js';
import { Crowd } from './chaos/crowd.js';
import { sql } from './support.js';
import type { Test } from './support.js';

const seconds = testSize('CARRIL_CHAOS_S', { quick: 15, full: 60 });
const seed = Number(process.env['CARRIL_CHAOS_SEED'] ?? Date.now() % 2 ** 31);
const random = seeded(seed);

const skip = process.platform === 'win32' && 'no SIGSTOP on Windows';

t.test('workers that are killed and stopped leave what undisturbed ones leave', { skip }, async (t) => {
  t.comment(`seed ${seed}: CARRIL_CHAOS_SEED repeats the blows, though not what they hit`);
  const db = await freshDatabase(t);
  const { engine, env } = db;
  const folder = mkdtempSync(join(tmpdir(), 'carril-chaos-'));
  const crowd = new Crowd(env, random);
  t.teardown(() => {
    crowd.killAll();
    rmSync(folder, { recursive: true, force: true });
  });

  // what is to come out of it
  const synthetic = { funds: 12, positions: 40, seed: 7, date: '2024-06-28', dates: 3 };
  await writeFunds(engine, syntheticFunds(synthetic));
  const loaded = [...syntheticPositions(synthetic)];
  await writePositions(
    engine,
    loaded.flatMap(({ positions }) => positions),
  );
  const dates = [...new Set(loaded.map(({ date }) => date))];
  const calm = new Map<string, string>();
  for (const date of dates) {
    const one = await startProcess(engine, date);
    await processWorker(engine, one, { lanes: 4 }).run();
    calm.set(date, await everythingOf(engine, one.id));
  }
  const log = join(folder, 'calm.log');
  await writeLog(log, { seed: 7, bytes: 1_500_000 });
  await scan(env, log, '--chunk-size', '64KB');
  const blocks = await blocksOfFile(engine, log);
  t.ok(blocks.length > 50, `${blocks.length} blocks in the log`);

  await installAudit(engine);
  if (engine.dialect === 'postgres') await auditRealWork(engine);

  // the run
  const processes: { readonly id: bigint; readonly date: string }[] = [];
  const logs: string[] = [];
  const nextLog = (): void => {
    const copy = join(folder, `${logs.length + 1}.log`);
    copyFileSync(log, copy);
    logs.push(copy);
  };
  nextLog();
  for (let i = 1; i <= 3; i++) crowd.addWorker(`worker ${i}`);
  crowd.addCommand(
    'scan',
    () => ['logs', 'scan', logs.at(-1) ?? '', '--chunk-size', '64KB', '--lanes', '2', '--lease', '1s'],
    nextLog,
  );
  const started = performance.now();
  const until = started + seconds * 1000;
  await Promise.all([crowd.torment(until), feed()]);
  await crowd.leave();

  // the end
  const healthy = await runCarril(['work', '--idle-exit', '0s', '--lanes', '4', '--lease', '5s'], { env });
  t.equal(healthy.code, 0, healthy.stderr);
  for (const file of logs) {
    const { state } = await scan(env, file, '--chunk-size', '64KB');
    t.equal(state, 'COMPLETADO');
  }
  t.same(crowd.surprises, []);

  for (const { id, date } of processes) {
    if ((await everythingOf(engine, id)) !== calm.get(date))
      t.fail(`process ${id} of ${date} differs from an undisturbed one`);
  }
  for (const file of logs) t.same(await blocksOfFile(engine, file), blocks);
  const [left] = await sql(
    engine,
    `SELECT COUNT(*) AS n FROM trabajo.Chunks AS c INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo
     WHERE c.Estado <> 'COMPLETADO' OR c.Poseedor IS NOT NULL OR t.Estado <> 'COMPLETADO'`,
  );
  t.equal(Number(left?.['n']), 0, 'all chunks and jobs are complete');

  const violations = await readViolations(engine);
  t.same(violations, []);
  const counts: Record<string, number> = {
    seconds,
    processes: processes.length,
    logs: logs.length,
    ...crowd.blows,
  };
  if (engine.dialect === 'postgres') Object.assign(counts, await audited(t, engine));
  t.comment(JSON.stringify({ ...counts, violations: violations.length }));

  /** There is always a process that waits for lanes. */
  async function feed(): Promise<void> {
    while (performance.now() < until) {
      // no number of blows uses up a chunk's attempts
      await sql(
        engine,
        "UPDATE trabajo.Trabajos SET Max_Intentos = 100 WHERE Estado = 'EN_PROGRESO' AND Max_Intentos < 100",
      );
      const [alive] = await sql(
        engine,
        "SELECT COUNT(*) AS n FROM trabajo.Trabajos WHERE Tipo = 'FONDOS' AND Estado = 'EN_PROGRESO'",
      );
      const date = dates[processes.length % dates.length];
      if (Number(alive?.['n']) < 2 && date !== undefined) {
        const { id } = await startProcess(engine, date);
        processes.push({ id, date });
      } else await sleep(100);
    }
  }
});

/** Every row that a process has computed, and how many there are in each table; its state. */
async function everythingOf(session: Session, id: bigint): Promise<string> {
  const [row] = await sql(session, 'SELECT Estado FROM logs.vw_Procesos WHERE ID_Proceso = ?', [id]);
  return JSON.stringify(
    [row, await computedRows(session, id), await rowCounts(session, id)],
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );
}

/** What the audit counted, and that each chunk was completed once and each job ended once. */
async function audited(t: Test, session: Session): Promise<Record<string, number>> {
  const changes = await countChanges(session);
  const of = (...names: string[]): number => names.reduce((sum, name) => sum + (changes.get(name) ?? 0), 0);
  const [row] = await sql(
    session,
    `SELECT COUNT(DISTINCT ID_Chunk) AS chunks, COUNT(DISTINCT ID_Trabajo) AS trabajos
     FROM auditoria.Cambios WHERE Hecho IN ('COMPLETA', 'FINALIZA')`,
  );
  t.equal(of('COMPLETA'), Number(row?.['chunks']), 'each chunk was completed once');
  t.equal(of('FINALIZA'), Number(row?.['trabajos']), 'each job ended once');
  t.equal(of('FALLA', 'CANCELA', 'BARRE', 'REABRE', '?'), 0, 'nothing else ended');
  const [dead] = await session.query(
    'SELECT deadlocks::int AS n FROM pg_catalog.pg_stat_database WHERE datname = current_database()',
  );
  t.equal(dead?.['n'], 0, 'no deadlock');
  return {
    operations: [...changes.values()].reduce((sum, n) => sum + n, 0),
    claims: of('RECLAMA', 'TOMA'),
    takeovers: of('TOMA'),
    renewals: of('RENUEVA'),
    givenBack: of('DEVUELVE'),
    completed: of('COMPLETA'),
    finalized: of('FINALIZA'),
  };
}
