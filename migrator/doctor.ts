/** Looks whether a database, its server and this login are fit for carril, and says what to do where they are not. */
import type { Dialect, Engine } from '../engine/index.js';
import { isDisposable } from './disposable.js';
import { postgresChecks } from './doctor-postgres.js';
import { sqlserverChecks } from './doctor-sqlserver.js';
import { describeHolder, readHolder } from './holder.js';
import { hasJournal } from './journal-schema.js';
import { readJournal } from './journal.js';
import { levelOf, padded } from './plan.js';
import { isLockTaken } from './session-lock.js';

/** ok; warning: it works, but not as well as it could, or nobody can tell; problem: it does not, or soon will not. */
export type Health = 'ok' | 'warning' | 'problem';

export interface Finding {
  readonly state: Health;
  /** What is there. */
  readonly found: string;
  /** What to do about it; undefined where all is well. */
  readonly advice?: string | undefined;
}

export interface CheckResult extends Finding {
  readonly name: string;
}

/** Looks at one thing; several findings where it may find several. */
export interface Check {
  readonly name: string;
  readonly look: (engine: Engine) => Promise<Finding | readonly Finding[]>;
}

export interface Diagnosis {
  readonly database: string;
  readonly dialect: Dialect;
  readonly checks: readonly CheckResult[];
}

/** Reads only. A check that fails is a warning with what the server said: the others go on. */
export async function diagnose(engine: Engine): Promise<Diagnosis> {
  const own = engine.dialect === 'postgres' ? postgresChecks : sqlserverChecks;
  const checks: CheckResult[] = [];
  for (const { name, look } of [...own, ...commonChecks]) {
    try {
      const found = await look(engine);
      const findings: readonly Finding[] = 'state' in found ? [found] : found;
      checks.push(...findings.map((one) => ({ name, ...one })));
    } catch (error) {
      const found = `could not be told: ${(error as Error).message}`;
      checks.push({ name, state: 'warning', found, advice: 'see what the server said' });
    }
  }
  return { database: engine.description, dialect: engine.dialect, checks };
}

const commonChecks: readonly Check[] = [
  { name: 'clock', look: clock },
  { name: 'journal', look: journal },
  { name: 'migrator', look: migratorLock },
  { name: 'disposable', look: disposable },
];

/** Leases run by the server's clock alone; ours is what people compare a log's times with. */
async function clock(engine: Engine): Promise<Finding> {
  const sql =
    engine.dialect === 'postgres'
      ? 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms'
      : "SELECT CAST(DATEDIFF_BIG(millisecond, CAST('1970-01-01' AS datetime2(3)), SYSUTCDATETIME()) AS float) AS ms";
  await engine.query(sql);
  const before = Date.now();
  const [row] = await engine.query(sql);
  const after = Date.now();
  return clockFinding(Number(row?.['ms']) - (before + after) / 2, after - before);
}

/** @param roundTrip how much of the difference may be the way to the server and back */
export function clockFinding(differenceMs: number, roundTrip: number): Finding {
  const apart = Math.max(0, Math.abs(differenceMs) - roundTrip / 2);
  const found = `the server's is ${(Math.abs(differenceMs) / 1000).toFixed(1)} s ${differenceMs < 0 ? 'behind' : 'ahead'}`;
  if (apart < 5_000) return { state: 'ok', found };
  return {
    state: apart < 300_000 ? 'warning' : 'problem',
    found,
    advice: 'set both by NTP: times in logs, certificates and Kerberos tickets no longer agree',
  };
}

async function journal(engine: Engine): Promise<Finding> {
  if (!(await hasJournal(engine))) {
    return {
      state: 'warning',
      found: 'there is none',
      advice: 'a new database: carril migrate up; one with history: carril migrate baseline --at N first',
    };
  }
  const { migrations, procedures } = await readJournal(engine);
  const level = levelOf(migrations);
  const at = level === 0 ? 'no migration' : `at ${padded(level)}, ${migrations.length} migrations`;
  return { state: 'ok', found: `${at}, ${procedures.length} procedures` };
}

async function migratorLock(engine: Engine): Promise<Finding> {
  const taken = await isLockTaken(engine);
  const holder = await readHolder(engine);
  const who = holder === undefined ? 'somebody without a name yet' : describeHolder(holder);
  if (taken) {
    return {
      state: 'warning',
      found: `${who} is at work`,
      advice:
        `others wait for it. If it hangs, end it there, or its session ${holder?.session ?? ''} here: ` +
        (engine.dialect === 'postgres' ? 'SELECT pg_terminate_backend(…)' : 'KILL …'),
    };
  }
  const left = holder === undefined ? '' : `; ${who} was killed, and the next one takes its row away`;
  return { state: 'ok', found: `the lock is free${left}` };
}

async function disposable(engine: Engine): Promise<Finding> {
  if (!(await isDisposable(engine)))
    return { state: 'ok', found: 'not marked: its data is safe from carril' };
  return {
    state: 'warning',
    found: 'marked as disposable, or embedded: `db reset`, generated data and benchmarks are allowed',
    advice:
      "if its data matters: DELETE FROM carril.Base WHERE clave = 'desechable', and not the embedded server",
  };
}
