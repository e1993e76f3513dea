/**
 * `npm run bench:backfill`: a generated brownfield database (five million rows in 300 dates x 50 funds, with the defects of real
 * ones) backfilled on a fresh embedded database with durable commits while nightly runs execute beside it; then, beside nightly
 * runs as well, one plain UPDATE a table of the same rows to the same values, on copies of the same tables; then verified and
 * reverted, and compared with how it began, table by table, by checksum.
 *
 * Without `--audit` the largest statement is what the procedures say of themselves; the tests audit that.
 */
import { connect } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import { logs } from '../procedures/generated/index.js';
import { revertBackfill, runBackfill, verifyBackfill } from '../runner/backfill.js';
import { auditStatements, largestStatement } from '../test/backfill/audit.js';
import { createBrownfield } from '../test/backfill/brownfield.js';
import type { BrownfieldSize } from '../test/backfill/brownfield.js';
import { rawFingerprint } from '../test/backfill/fingerprint.js';
import { NightlyRuns } from './backfilling/nights.js';
import type { Nights } from './backfilling/nights.js';
import { copyTables, dropCopies, plainUpdates } from './backfilling/plain.js';
import { round as rounded } from './measured-engine.js';
import { benchTarget, inBenchDatabase } from './bench-database.js';
import { benchOptions } from './options.js';
import { record } from './record.js';

const options = benchOptions(
  'backfill',
  'Re-keys a generated history in batches beside nightly runs, and by one plain UPDATE a table; verifies and reverts it.',
  [1, 1],
  {
    rows: { default: 5_000_000, quick: 50_000, describe: 'rows of the history, 333 a date and fund' },
    size: { default: '', describe: 'DATESxFUNDSxLINES instead of rows, as 300x50x17' },
    batch: { default: 10_000, describe: 'rows a call' },
    audit: { default: false, describe: "count each statement's rows by triggers, which cost some speed" },
  },
);
const { out, rounds } = options;

/** The goal: re-keying at so many per cent of a plain statement's speed. */
const goalPerCent = 70;

interface Measured {
  readonly rows: number;
  /** Rows whose key one plain UPDATE a table changed, in seconds and a second. */
  readonly plain_s: number;
  readonly plain_rows_per_s: number;
  /** The phase FILAS: the same rows, in batches. */
  readonly rekeying_s: number;
  readonly rekeying_rows_per_s: number;
  /** From the first call to the last: with the inventory, the checksums before, and the processes. */
  readonly whole_s: number;
  readonly whole_rows_per_s: number;
  /** Re-keying at so many per cent of the plain statement's speed; and the whole. */
  readonly rekeying_per_cent: number;
  readonly whole_per_cent: number;
  readonly goal_per_cent: number;
  readonly phases_s: Readonly<Record<string, number>>;
  readonly verify_s: number;
  readonly verified: boolean;
  readonly revert_s: number;
  /** Tables whose checksum after the revert is not that of the beginning. */
  readonly tables_that_differ: readonly string[];
  readonly largest_statement: number;
  readonly audited: boolean;
  readonly set_aside: number;
  readonly deadlocks: number;
  readonly nights_beside_backfill: Nights;
  readonly nights_beside_plain: Nights;
}

const size = sizeOf();
const begun = performance.now();
const measured: Measured[] = [];

for (let i = 1; i <= rounds; i += 1) await round(i);
if (!measured.every(isSound)) process.exitCode = 1;

/** In a database of its own: what the one before left would make it another one. */
async function round(number: number): Promise<void> {
  const target = benchTarget();
  await inBenchDatabase(target, async () => {
    const engine = await connect(target, { poolMax: 3, appName: 'carril bench' });
    try {
      said(`round ${number}: generating ${size.dates} dates, ${size.funds} funds, ${size.lines} lines`);
      await createBrownfield(engine, size);
      measured.push(await measure(engine, target.database));
      if (number === rounds)
        await record('backfill', engine, out, options, {
          data: { ...size, batch: options.batch, audited: options.audit },
          measured,
        });
    } finally {
      await engine.close();
    }
  });
}

async function measure(engine: Engine, database: string): Promise<Measured> {
  const before = await rawFingerprint(engine);
  said('copying the tables for the plain statements');
  await copyTables(engine);
  if (options.audit) await auditStatements(engine);
  const nightly = new NightlyRuns(engine, `embedded:${database}`);
  await nightly.prepare(size.funds, 40);
  const deadlocksBefore = await deadlocks(engine);

  const phases: Record<string, number> = {};
  let last = performance.now();
  const pace = {
    batch: options.batch,
    pauseMs: 0,
    signal: new AbortController().signal,
    onStep: ({ phase }: { readonly phase: string }) => {
      const now = performance.now();
      phases[phase] = (phases[phase] ?? 0) + (now - last) / 1000;
      last = now;
    },
  };
  said('backfilling, beside nightly runs');
  last = performance.now();
  const { result: whole, nights } = await nightly.beside(() => timed(() => runBackfill(engine, pace)));
  // the last call of a phase says the next one's name; FILAS ends with COMPLETO
  const rekeying = phases['FILAS'] ?? 0;
  const state = await logs.backfillEstado(engine);
  // the map exists now: the plain statements give the copies the very same keys
  said('the same rows by one plain UPDATE a table, beside nightly runs');
  const { result: plain, nights: nightsBesidePlain } = await nightly.beside(() => plainUpdates(engine));
  if (BigInt(plain.rows) !== state.cambiadas)
    throw new Error(`${plain.rows} rows by plain statements, ${state.cambiadas} by the backfill`);
  await dropCopies(engine);

  said('verifying');
  const unwatched = { ...pace, onStep: () => undefined };
  let verified = false;
  const verifying = await timed(async () => {
    ({ correct: verified } = await verifyBackfill(engine, { ...unwatched, batch: 20_000 }));
  });
  const deadlocked = (await deadlocks(engine)) - deadlocksBefore;
  const largest = options.audit ? await largestStatement(engine) : state.mayorSentencia;
  said('reverting');
  const reverting = await timed(() => revertBackfill(engine, unwatched));
  await nightly.remove();
  const after = await rawFingerprint(engine);
  const differ = Object.keys(before).filter((table) => before[table] !== after[table]);

  const perSecond = (seconds: number) => Math.round(plain.rows / seconds);
  const done: Measured = {
    rows: plain.rows,
    plain_s: rounded(plain.seconds),
    plain_rows_per_s: perSecond(plain.seconds),
    rekeying_s: rounded(rekeying),
    rekeying_rows_per_s: perSecond(rekeying),
    whole_s: rounded(whole),
    whole_rows_per_s: perSecond(whole),
    rekeying_per_cent: Math.round((100 * plain.seconds) / rekeying),
    whole_per_cent: Math.round((100 * plain.seconds) / whole),
    goal_per_cent: goalPerCent,
    phases_s: Object.fromEntries(Object.entries(phases).map(([name, s]) => [name, rounded(s)])),
    verify_s: rounded(verifying),
    verified,
    revert_s: rounded(reverting),
    tables_that_differ: differ,
    largest_statement: largest,
    audited: options.audit,
    set_aside: Number(state.apartadas),
    deadlocks: deadlocked,
    nights_beside_backfill: nights,
    nights_beside_plain: nightsBesidePlain,
  };
  summarise(done);
  return done;
}

function summarise(m: Measured): void {
  said(
    `${m.rows} rows: plain ${m.plain_rows_per_s}/s, re-keying ${m.rekeying_rows_per_s}/s (${m.rekeying_per_cent} %, goal ` +
      `${goalPerCent} %), with inventory and checksums ${m.whole_rows_per_s}/s (${m.whole_per_cent} %)`,
  );
  said(
    `largest statement ${m.largest_statement} rows; ${m.deadlocks} deadlocks; ${m.nights_beside_backfill.runs} nights beside it, ` +
      `${m.nights_beside_backfill.disturbed} disturbed; ${m.verified ? 'verified' : 'NOT VERIFIED'}; reverted: ` +
      (m.tables_that_differ.length === 0
        ? 'every table as it was'
        : `DIFFERENT: ${m.tables_that_differ.join(', ')}`),
  );
}

/** What must hold at any speed. */
function isSound(m: Measured): boolean {
  return (
    m.verified &&
    m.largest_statement <= 2000 &&
    m.deadlocks === 0 &&
    m.nights_beside_backfill.disturbed === 0 &&
    m.tables_that_differ.length === 0
  );
}

/** 50 funds and 17 lines a fund and table make some 333 rows a date and fund. */
function sizeOf(): BrownfieldSize {
  if (options.size === '')
    return { dates: Math.max(3, Math.round(options.rows / (50 * 333))), funds: 50, lines: 17 };
  const [, dates, funds, lines] = /^(\d+)x(\d+)x(\d+)$/.exec(options.size) ?? [];
  if (dates === undefined) throw new Error(`--size: ${options.size} is not DATESxFUNDSxLINES, as 300x50x17`);
  return { dates: Number(dates), funds: Number(funds), lines: Number(lines) };
}

async function deadlocks(engine: Engine): Promise<number> {
  const [row] = await engine.query(
    'SELECT deadlocks::integer AS n FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(row?.['n']);
}

function said(text: string): void {
  out.note(`${String(Math.round((performance.now() - begun) / 1000)).padStart(4)} s  ${text}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
