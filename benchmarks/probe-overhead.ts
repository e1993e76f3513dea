/**
 * `npm run bench:probe`: what the probe itself costs, in ten pairs of runs with it and without it, interleaved, on a
 * fresh database of the embedded PostgreSQL.
 */
import { parseArgs } from 'node:util';

import { connect } from '../engine/index.js';
import { createMigrator } from '../migrator/index.js';
import { writeSynthetic } from '../runner/cli/commands/load/synthetic.js';
import { createOutput } from '../runner/cli/output.js';
import { date } from './contention/contention.js';
import { loadName, runLoad } from './contention/load.js';
import { openProbe } from './contention/probe.js';
import { benchTarget, inBenchDatabase } from './bench-database.js';
import { record, surroundings } from './record.js';
import { ratioInterval } from './statistics.js';

const { values } = parseArgs({
  options: {
    funds: { type: 'string', default: '50' },
    positions: { type: 'string', default: '400' },
    lanes: { type: 'string', default: '50' },
    pairs: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});
const data = { funds: Number(values.funds), positions: Number(values.positions), seed: 7, date, dates: 1 };
const run = { date, lanes: Number(values.lanes), architecture: 'JERARQUICA' } as const;
const out = createOutput({ json: values.json, quiet: false });
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
    for (let pair = 1; pair <= Number(values.pairs); pair += 1) {
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
    const recording = {
      benchmark: 'probe',
      ...(await surroundings(watcher)),
      data: { ...data, ...run },
      bare,
      watched,
      ratio,
    };
    out.note(`recorded in ${record('probe', recording)}`);
    out.document(recording);
    const percent = (value = Number.NaN) => `${((value - 1) * 100).toFixed(1)} %`;
    out.print(
      `the probe costs ${percent(ratio?.median)} (${percent(ratio?.low)} to ${percent(ratio?.high)}) of the makespan`,
    );
  } finally {
    await watcher.close();
  }
}
