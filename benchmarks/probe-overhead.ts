/**
 * `npm run bench:probe`: what the probe itself costs, in ten pairs of runs with it and without it, interleaved, on a
 * fresh database of the embedded PostgreSQL.
 */
import { connect } from '../engine/index.js';
import { createMigrator } from '../migrator/index.js';
import { writeSynthetic } from '../runner/cli/commands/load/synthetic.js';
import { date } from './contention/contention.js';
import { loadName, runLoad } from './contention/load.js';
import { openProbe } from './contention/probe.js';
import { benchTarget, inBenchDatabase } from './bench-database.js';
import { benchOptions } from './options.js';
import { record } from './record.js';
import { ratioInterval } from './statistics.js';

const options = benchOptions(
  'probe',
  'Runs with the contention probe and without it, interleaved.',
  [10, 2],
  {
    funds: { default: 50, quick: 6, describe: 'funds of the generated data' },
    positions: { default: 400, quick: 40, describe: 'positions a fund' },
    lanes: { default: 50, quick: 6, describe: 'funds side by side' },
    seed: { default: 7, describe: 'of the generator' },
  },
);
const { out, funds, positions, lanes, seed, rounds } = options;
const data = { funds, positions, seed, date, dates: 1 };
const run = { date, lanes, architecture: 'JERARQUICA' } as const;
const target = benchTarget();

await inBenchDatabase(target, bench);

async function bench(): Promise<void> {
  const watcher = await connect(target, { poolMax: 3, appName: 'carril bench watcher' });
  try {
    await createMigrator(watcher).up();
    await writeSynthetic(watcher, data, out);
    await watcher.batch('ANALYZE');
    const [bare, watched]: [number[], number[]] = [[], []];
    const probe = await openProbe(watcher, loadName);
    await runLoad(target, run);
    for (let pair = 1; pair <= rounds; pair += 1) {
      // who goes first changes from pair to pair
      for (const withProbe of pair % 2 === 1 ? [false, true] : [true, false]) {
        if (withProbe) await probe.begin();
        const { makespan_ms } = await runLoad(target, run);
        if (withProbe) await probe.end();
        (withProbe ? watched : bare).push(makespan_ms);
      }
    }
    await probe.close();
    const ratio = ratioInterval(bare, watched);
    await record('probe', watcher, out, options, { data: { ...data, ...run }, bare, watched, ratio });
    const percent = (value = Number.NaN) => `${((value - 1) * 100).toFixed(1)} %`;
    out.print(
      `the probe costs ${percent(ratio?.median)} (${percent(ratio?.low)} to ${percent(ratio?.high)}) of the makespan`,
    );
  } finally {
    await watcher.close();
  }
}
