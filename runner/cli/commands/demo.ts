import type { Engine } from '../../../engine/index.js';
import { createMigrator } from '../../../migrator/index.js';
import { loadSamples } from '../../demo.js';
import type { Sample } from '../../demo.js';
import { startProcess } from '../../process.js';
import type { ProcessResults } from '../../results.js';
import { connectionsOf } from '../../connections.js';
import { defineCommand, withEngine } from '../context.js';
import { interrupted } from '../interrupt.js';
import type { Output } from '../output.js';
import { printResults } from '../results-view.js';
import { explainFailures, runProcess } from '../run-process.js';

interface Day {
  readonly results: ProcessResults;
  readonly seconds: number;
}

/** Room for a lane for each of the six sample funds, and some more. */
const lanes = 8;

export const command = defineCommand({
  command: 'demo',
  describe: 'load ten days of real holdings into the embedded PostgreSQL and run them',
  builder: (args) =>
    args
      .example('$0 demo', 'no server and no container needed; run it as often as you like')
      .epilogue(
        'Works on the embedded database, whatever --url or CARRIL_DATABASE_URL say. Stop its server with `carril db stop`.',
      ),
  handler: async (argv) => {
    const begun = performance.now();
    await withEngine(
      argv,
      async (engine, out) => {
        const sample = await prepare(engine, out, begun);
        const days: Day[] = [];
        for (const date of sample.dates) {
          const process = await startProcess(engine, date, sample.funds);
          const outcome = await runProcess(engine, process, { lanes, title: date }, out);
          if (outcome.interrupted) return interrupted;
          days.push(outcome);
          if (outcome.results.process.state !== 'COMPLETADO') await explainFailures(engine, process.id, out);
        }
        show(days, (performance.now() - begun) / 1000, out);
        return days.every(({ results }) => results.process.state === 'COMPLETADO') ? 0 : 1;
      },
      { target: { kind: 'embedded' }, poolMax: connectionsOf(lanes), appName: 'carril demo' },
    );
  },
});

async function prepare(engine: Engine, out: Output, begun: number): Promise<Sample> {
  const since = (from: number) => `${((performance.now() - from) / 1000).toFixed(1)} s`;
  out.note(`${engine.description} is up (${since(begun)})`);
  const migrating = performance.now();
  const { migrations, procedures } = await createMigrator(engine).up();
  out.note(
    `${migrations.length} migrations and ${procedures.length} procedures applied (${since(migrating)})`,
  );
  const loading = performance.now();
  const sample = await loadSamples(engine);
  out.note(
    `${sample.lines} lines of ${sample.funds.length} funds on ${sample.dates.length} days loaded (${since(loading)})`,
  );
  return sample;
}

function show(days: readonly Day[], seconds: number, out: Output): void {
  out.print();
  out.table(
    ['date', 'process', 'state', 'funds', 'lines', 'total value', 'seconds'],
    days.map(({ results, seconds: took }) => [
      results.date,
      results.process.id,
      results.process.state,
      results.funds.length,
      results.funds.reduce((sum, { lines }) => sum + lines, 0),
      sumOf(results),
      took.toFixed(2),
    ]),
  );
  const last = days.at(-1);
  if (last !== undefined) {
    out.print();
    out.print(`the funds of ${last.results.date} (carril results --date ${last.results.date}):`);
    printResults(last.results, out);
  }
  out.print();
  out.print(`${days.length} days in ${seconds.toFixed(1)} s, one lane a fund`);
  out.document({
    days: days.map(({ results, seconds: took }) => ({
      ...results,
      total_value: sumOf(results),
      seconds: took.toFixed(2),
    })),
    seconds: seconds.toFixed(2),
  });
}

/** To the cent, in whole cents: decimals are text. */
function sumOf({ funds }: ProcessResults): string {
  const cents = funds.reduce((sum, fund) => sum + BigInt(fund.total_value.replace('.', '')), 0n);
  const digits = cents.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
