/**
 * `npm run bench:probe`: what the probe itself costs, in ten pairs of runs with it and without it, interleaved, on a
 * fresh database of the embedded PostgreSQL. Each of a pair is the sum of several runs, which alternate as well (with,
 * without, without, with), so that a machine that grows slower or faster does so for both.
 */
import { connect } from '../engine/index.js';
import { createMigrator } from '../migrator/index.js';
import { writeSynthetic } from '../runner/cli/commands/load/synthetic.js';
import { date } from './contention/contention.js';
import { loadName, runLoad } from './contention/load.js';
import { sessionsEnd } from './contention/postgres.js';
import { openProbe } from './contention/probe.js';
import { postgresCpuMs } from './server-cpu.js';
import { benchTarget, inBenchDatabase } from './bench-database.js';
import { benchOptions } from './options.js';
import { record } from './record.js';
import { pairedInterval } from './statistics.js';
import type { Interval } from './statistics.js';

const options = benchOptions(
  'probe',
  'Runs with the contention probe and without it, interleaved.',
  [10, 2],
  {
    funds: { default: 100, quick: 6, describe: 'funds of the generated data' },
    positions: { default: 400, quick: 40, describe: 'positions a fund' },
    lanes: { default: 50, quick: 6, describe: 'funds side by side' },
    runs: { default: 4, quick: 1, describe: 'runs of each side in a round' },
    seed: { default: 7, describe: 'of the generator' },
  },
);
const { out, funds, positions, lanes, runs, seed, rounds } = options;
const data = { funds, positions, seed, date, dates: 1 };
const run = { date, lanes, architecture: 'JERARQUICA' } as const;
const target = benchTarget();

interface Cost {
  makespan_ms: number;
  /** Of this process and of the server's; NaN where the server's is not known. */
  cpu_ms: number;
}

await inBenchDatabase(target, bench);

async function bench(): Promise<void> {
  const watcher = await connect(target, { poolMax: 3, appName: 'carril bench watcher' });
  const progress = out.progress('runs', 2 * rounds * runs);
  try {
    await createMigrator(watcher).up();
    await writeSynthetic(watcher, data, out);
    await watcher.batch('ANALYZE');
    const probe = await openProbe(watcher, target, loadName);
    const once = async (withProbe: boolean): Promise<Cost> => {
      const [server, own] = [await postgresCpuMs(watcher), process.cpuUsage()];
      if (withProbe) await probe.begin();
      const { run: ran } = await runLoad(target, run);
      if (withProbe) await probe.end();
      // what a session spends on its end counts on either side
      await sessionsEnd(watcher, loadName);
      const { user, system } = process.cpuUsage(own);
      const ended = await postgresCpuMs(watcher);
      const spent = server === null || ended === null ? Number.NaN : ended - server;
      return { makespan_ms: ran.makespan_ms, cpu_ms: (user + system) / 1000 + spent };
    };
    await once(true);
    const measured: { readonly bare: Cost; readonly watched: Cost }[] = [];
    for (let pair = 1; pair <= rounds; pair += 1) {
      const [bare, watched]: [Cost, Cost] = [
        { makespan_ms: 0, cpu_ms: 0 },
        { makespan_ms: 0, cpu_ms: 0 },
      ];
      for (let n = 0; n < 2 * runs; n += 1) {
        const withProbe = order(pair, n);
        const { makespan_ms, cpu_ms } = await once(withProbe);
        const sum = withProbe ? watched : bare;
        sum.makespan_ms += makespan_ms;
        sum.cpu_ms += cpu_ms;
        progress.update(measured.length * 2 * runs + n + 1);
      }
      measured.push({ bare, watched });
    }
    await probe.close();
    const ratio = (of: (cost: Cost) => number) =>
      pairedInterval(measured.map(({ bare, watched }) => [of(bare), of(watched)]));
    const makespan = ratio((cost) => cost.makespan_ms);
    const cpu = ratio((cost) => cost.cpu_ms);
    progress.stop();
    await record('probe', watcher, out, options, {
      data: { ...data, ...run, runs },
      bare: measured.map(({ bare }) => bare.makespan_ms),
      watched: measured.map(({ watched }) => watched.makespan_ms),
      ...(Number.isNaN(cpu.median)
        ? {}
        : {
            bare_cpu: measured.map(({ bare }) => bare.cpu_ms),
            watched_cpu: measured.map(({ watched }) => watched.cpu_ms),
          }),
      ratio: makespan,
      cpu_ratio: Number.isNaN(cpu.median) ? null : cpu,
    });
    out.print(`the probe costs ${percents(makespan)} of the makespan`);
    if (!Number.isNaN(cpu.median))
      out.print(`and ${percents(cpu)} of the processor time of client and server, its own included`);
  } finally {
    progress.stop();
    await watcher.close();
  }
}

/** Without, with, with, without, and so on; the other way round in every other pair. */
function order(pair: number, n: number): boolean {
  const second = n % 4 === 1 || n % 4 === 2;
  return pair % 2 === 1 ? second : !second;
}

function percents({ median, low, high }: Interval): string {
  const percent = (value: number) => `${((value - 1) * 100).toFixed(1)} %`;
  return `${percent(median)} (${percent(low)} to ${percent(high)})`;
}
