import { setTimeout as sleep } from 'node:timers/promises';

import type { ConnectionTarget, Engine } from '../../engine/index.js';
import { openDatabase } from '../../runner/cli/open-database.js';
import type { Output } from '../../runner/cli/output.js';
import { newestMigration, surroundings } from '../record.js';
import type { Recording } from '../recording.js';
import type { Round, SlowStatement } from './model.js';
import { openProbe } from './probe.js';
import { without } from './round.js';

const minute = 60_000;

/** Watches a database that others work on: a round a minute, nothing is run and nothing stays behind. */
export async function attach(
  target: ConnectionTarget,
  options: {
    readonly minutes: number;
    readonly stopping: () => boolean;
    /** How long a round is; a minute when left out. */
    readonly roundMs?: number;
  },
  out: Output,
): Promise<Omit<Recording, 'label'>> {
  const watcher = await openDatabase(target, { appName: 'carril bench', poolMax: 3 });
  const rounds: Round[] = [];
  const remarks = new Set<string>();
  let statements: readonly SlowStatement[];
  const progress = out.progress('minutes', options.minutes);
  try {
    const probe = await openProbe(watcher, target);
    try {
      for (let round = 1; round <= options.minutes && !options.stopping(); round += 1) {
        const [begun, cpu, before] = [performance.now(), process.cpuUsage(), await fundsDone(watcher)];
        await probe.begin();
        const ends = begun + (options.roundMs ?? minute);
        while (performance.now() < ends && !options.stopping())
          await sleep(Math.min(1000, ends - performance.now()));
        const { remarks: said, ...reading } = await probe.end();
        for (const remark of said) remarks.add(remark);
        const [ms, { user, system }] = [performance.now() - begun, process.cpuUsage(cpu)];
        rounds.push({
          architecture: 'ATTACHED',
          round,
          ...without(reading, ['waits_in', 'chunk_waits']),
          ...{ retries: 0, error_3998: 0, timeouts: 0, errors: {}, lost_to_retries_ms: 0 },
          makespan_ms: Math.round(ms),
          funds_per_hour: Math.round((((await fundsDone(watcher)) - before) * 3_600_000) / ms),
          client_cpu_ms: Math.round((user + system) / 1000),
          state: 'ATTACHED',
          ...{ procedures: {}, services: {} },
        });
        progress.update(round);
      }
      statements = (await probe.slowest?.()) ?? [];
    } finally {
      await probe.close();
    }
    return {
      benchmark: 'attached',
      schema: 1,
      ...(await surroundings(watcher)),
      migration: await newestMigration(watcher),
      data: {},
      census: [],
      statements,
      rounds,
      remarks: [
        ...remarks,
        'what the clients of this load saw (errors, retries, timeouts) is not known here',
      ],
    };
  } finally {
    progress.stop();
    await watcher.close();
  }
}

/** Executions of single funds that have ended, ever. */
async function fundsDone(watcher: Engine): Promise<number> {
  const [row] = await watcher.query(
    'SELECT COUNT(*) AS n FROM logs.Ejecucion_Fondos AS f WHERE f.FechaFin IS NOT NULL',
  );
  return Number(row?.['n']);
}
