/**
 * `npm run bench:backfill`: a generated brownfield database backfilled on a fresh embedded database with durable commits, beside
 * one plain UPDATE a table of the same rows to the same values, in the same run on copies of the same tables. Of every round:
 * rows a second of both, the re-keying alone and with all that surrounds it (inventory, measuring, processes).
 * `--size 300x50x17` (dates, funds, lines) is the five million rows of a database with a year of nights.
 */
import { parseArgs } from 'node:util';

import { connect } from '../engine/index.js';
import type { ConnectionTarget, Engine } from '../engine/index.js';
import { logs } from '../procedures/generated/index.js';
import { revertBackfill, runBackfill, verifyBackfill } from '../runner/backfill.js';
import { createDatabase, dropDatabase, withMaintenance } from '../runner/cli/commands/db/targets.js';
import { createOutput } from '../runner/cli/output.js';
import { backfilledTables, createBrownfield } from '../test/backfill/brownfield.js';
import { round } from './measured-engine.js';
import { record, surroundings } from './record.js';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '300x50x17' },
    batch: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '1' },
    unrecorded: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

interface Round {
  readonly rows: number;
  /** Rows whose key one plain UPDATE a table changed, in seconds and a second. */
  readonly plain_s: number;
  readonly plain_rows_per_s: number;
  /** The phase FILAS: the same rows, in batches. */
  readonly rekeying_s: number;
  readonly rekeying_rows_per_s: number;
  /** From the first call to the last. */
  readonly whole_s: number;
  readonly whole_rows_per_s: number;
  /** Re-keying at so many per cent of the plain statement's speed; and the whole. */
  readonly rekeying_per_cent: number;
  readonly whole_per_cent: number;
  readonly phases_s: Readonly<Record<string, number>>;
  readonly verify_s: number;
  readonly verified: boolean;
  readonly revert_s: number;
  readonly largest_statement: number;
  readonly set_aside: number;
}

const [, dates, funds, lines] = /^(\d+)x(\d+)x(\d+)$/.exec(values.size) ?? [];
if (dates === undefined) throw new Error(`--size: ${values.size} is not DATESxFUNDSxLINES, as 300x50x17`);
const size = { dates: Number(dates), funds: Number(funds), lines: Number(lines) };
const out = createOutput({ json: values.json, quiet: false });
const database = `carril_bench_${Date.now().toString(36)}`;
const target: ConnectionTarget = { kind: 'embedded', database };
const keyed = backfilledTables.filter((table) => table !== 'logs.Ejecuciones');

await withMaintenance(target, async (admin) => {
  await createDatabase(admin, database);
  try {
    await bench();
  } finally {
    await dropDatabase(admin, database);
  }
});

async function bench(): Promise<void> {
  const engine = await connect(target, { poolMax: 2, appName: 'carril bench' });
  try {
    out.note(`generating ${values.size}: dates, funds, lines`);
    await createBrownfield(engine, size);
    const rounds: Round[] = [];
    for (let i = 0; i < Number(values.rounds); i += 1) {
      const one = await once(engine);
      rounds.push(one);
      out.note(
        `${one.rows} rows: plain ${one.plain_rows_per_s}/s, re-keying ${one.rekeying_rows_per_s}/s ` +
          `(${one.rekeying_per_cent} %), whole ${one.whole_rows_per_s}/s (${one.whole_per_cent} %)`,
      );
    }
    const recording = {
      benchmark: 'backfill',
      ...(await surroundings(engine)),
      data: { ...size, batch: Number(values.batch) },
      rounds,
    };
    if (!values.unrecorded) out.note(`recorded in ${record('backfill', recording)}`);
    out.document(recording);
    if (rounds.some(({ verified, largest_statement }) => !verified || largest_statement > 2000))
      process.exitCode = 1;
  } finally {
    await engine.close();
  }
}

async function once(engine: Engine): Promise<Round> {
  await copyTables(engine);
  const phases: Record<string, number> = {};
  let last = performance.now();
  const pace = {
    batch: Number(values.batch),
    pauseMs: 0,
    signal: new AbortController().signal,
    onStep: ({ phase }: { readonly phase: string }) => {
      const now = performance.now();
      phases[phase] = (phases[phase] ?? 0) + (now - last) / 1000;
      last = now;
    },
  };
  const whole = await timed(async () => await runBackfill(engine, pace));
  const state = await logs.backfillEstado(engine);
  // the map exists now: the plain statements give the copies the very same keys
  const plain = await plainUpdates(engine);
  if (BigInt(plain.rows) !== state.cambiadas)
    throw new Error(`${plain.rows} rows by plain statements, ${state.cambiadas} by the backfill`);
  let verified = false;
  const verifying = await timed(async () => {
    ({ correct: verified } = await verifyBackfill(engine, { ...pace, batch: 20_000 }));
  });
  const reverting = await timed(async () => await revertBackfill(engine, pace));
  // the last call of a phase says the next one's name; FILAS ends with COMPLETO
  const rekeying = phases['FILAS'] ?? 0;
  const perSecond = (seconds: number) => Math.round(plain.rows / seconds);
  return {
    rows: plain.rows,
    plain_s: round(plain.seconds),
    plain_rows_per_s: perSecond(plain.seconds),
    rekeying_s: round(rekeying),
    rekeying_rows_per_s: perSecond(rekeying),
    whole_s: round(whole),
    whole_rows_per_s: perSecond(whole),
    rekeying_per_cent: Math.round((100 * plain.seconds) / rekeying),
    whole_per_cent: Math.round((100 * plain.seconds) / whole),
    phases_s: Object.fromEntries(Object.entries(phases).map(([name, s]) => [name, round(s)])),
    verify_s: round(verifying),
    verified,
    revert_s: round(reverting),
    largest_statement: state.mayorSentencia,
    set_aside: Number(state.apartadas),
  };
}

/** Copies with the same indexes, in a schema of their own, before the history is touched. */
async function copyTables(engine: Engine): Promise<void> {
  await engine.batch('DROP SCHEMA IF EXISTS llano CASCADE; CREATE SCHEMA llano');
  for (const table of keyed) {
    const copy = copyOf(table);
    await engine.batch(`CREATE TABLE ${copy} (LIKE ${table} INCLUDING ALL)`);
    await engine.batch(`INSERT INTO ${copy} OVERRIDING SYSTEM VALUE SELECT * FROM ${table}`);
    await engine.batch(`ANALYZE ${copy}`);
  }
  await engine.batch('ANALYZE; CHECKPOINT');
}

function copyOf(table: string): string {
  return `llano.${table.replace('.', '_')}`;
}

/** What a script of one statement a table would do: the map's new key where the shared one and the fund, or date and portfolio, match. */
async function plainUpdates(engine: Engine): Promise<{ readonly rows: number; readonly seconds: number }> {
  await engine.batch('ANALYZE logs.Backfill_Mapa; CHECKPOINT');
  let rows = 0;
  let seconds = 0;
  for (const table of keyed) {
    const copy = copyOf(table);
    const text = table.startsWith('extract.')
      ? // the same rows, by their IDs: who is whose has been found out for them
        `UPDATE ${copy} AS c SET ID_Ejecucion = x.ID_Ejecucion FROM ${table} AS x
         WHERE x.ID = c.ID AND x.ID_Ejecucion IS NOT NULL`
      : `UPDATE ${copy} AS c SET ID_Ejecucion = m.ID_Ejecucion_Nuevo FROM logs.Backfill_Mapa AS m
         WHERE m.ID_Ejecucion = c.ID_Ejecucion AND m.ID_Fund = c.ID_Fund`;
    const began = performance.now();
    const [row] = await engine.query(`WITH u AS (${text} RETURNING 1) SELECT count(*)::integer AS n FROM u`);
    seconds += (performance.now() - began) / 1000;
    rows += Number(row?.['n']);
  }
  return { rows, seconds };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
