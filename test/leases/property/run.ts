/** Runs programs over real sessions: operations at once, transactions left open, and the checks after each step. */
import { setTimeout as sleep } from 'node:timers/promises';

import { connect, ProcedureError } from '../../../engine/index.js';
import type { ConnectOptions, Engine, Session } from '../../../engine/index.js';
import { trabajo } from '../../../procedures/generated/index.js';
import { countChanges, installAudit, readViolations } from '../audit.js';
import { gate } from '../support.js';
import type { Gate } from '../support.js';
import { beforeClose } from '../../testing/database.js';
import type { TestDatabase } from '../../testing/index.js';
import { countBlocked } from '../../testing/wait.js';
import { differences, Draft, forbidden, hasEnded, readSnapshot } from './model.js';
import type { Snapshot } from './model.js';
import { resolve, workers } from './operations.js';
import type { Choice, Notes, Operation, Outcome, Program } from './operations.js';

export interface Tally {
  programs: number;
  operations: number;
  /** Of them made while others ran or held a transaction open. */
  concurrent: number;
  held: number;
  rolledBack: number;
  /** 50410, 50499 or 50409. */
  refusals: number;
  takeovers: number;
  finalized: number;
  predicted: number;
}

/** One worker's sessions at most, those of its open transactions included. */
const sessionsEach = 4;

/** The sessions of a test's database that programs run on, one pool a worker: its name is that of the holder. */
export class Bench {
  readonly tally: Tally = {
    programs: 0,
    operations: 0,
    concurrent: 0,
    held: 0,
    rolledBack: 0,
    refusals: 0,
    takeovers: 0,
    finalized: 0,
    predicted: 0,
  };
  /** Calls that the engine repeated: a deadlock or a lock's timeout, of which there should be none. */
  readonly repeated: string[];
  readonly #operator: Engine;
  readonly #workers: readonly Engine[];

  private constructor(operator: Engine, pools: readonly Engine[], repeated: string[]) {
    this.#operator = operator;
    this.#workers = pools;
    this.repeated = repeated;
  }

  /** Installs the audit and opens the sessions; they are closed with the database. */
  static async open(db: TestDatabase): Promise<Bench> {
    await installAudit(db.engine);
    const repeated: string[] = [];
    const options = (appName: string, poolMax: number): ConnectOptions => ({
      appName,
      poolMax,
      onRetry: ({ procedure, error }) => repeated.push(`${procedure ?? 'a query'}: ${error.message}`),
    });
    const pools: Engine[] = [];
    for (let i = 0; i < workers; i++) pools.push(await connect(db.target, options(`w${i}`, sessionsEach)));
    const operator = await connect(db.target, options('operator', 12));
    beforeClose(db, async () => {
      await Promise.all([operator, ...pools].map((engine) => engine.close()));
    });
    return new Bench(operator, pools, repeated);
  }

  get operator(): Engine {
    return this.#operator;
  }

  of(by: number | 'operator'): Engine {
    const engine = by === 'operator' ? this.#operator : this.#workers[by];
    if (engine === undefined) throw new Error(`no worker ${by}`);
    return engine;
  }

  /** Runs a program from its jobs' creation to their end. @throws with its history when a rule was broken */
  async run(program: Program): Promise<void> {
    this.tally.programs += 1;
    this.repeated.length = 0;
    await new Run(this, await this.#begin(program), program).run();
  }

  async #begin({ chunks, maxAttempts }: Program): Promise<Notes> {
    const kind = `P${this.tally.programs}`;
    const make = async (): Promise<bigint> => {
      const { idTrabajo } = await trabajo.crearTrabajo(this.#operator, {
        tipo: kind,
        maxIntentos: maxAttempts,
        chunks: chunks.map(([weight, length], i) => ({
          orden: i + 1,
          peso: weight / 100,
          rangoInicio: BigInt(i * 10),
          rangoFin: BigInt(i * 10 + length),
        })),
      });
      return idTrabajo;
    };
    return {
      kind,
      jobs: [await make(), await make()],
      leases: [],
      given: new Set(),
      newest: new Map(),
      atWork: new Set(),
      claiming: [],
      cancelled: new Set(),
      finalized: new Map(),
      takeovers: 0,
    };
  }
}

class RolledBack extends Error {}

/** An operation under way. */
interface Running {
  readonly operation: Operation;
  readonly hold: boolean;
  /** Its transaction is open, its calls are made. */
  holding: boolean;
  done: boolean;
  /** Missing when it was rolled back by the test, or failed in a way that no operation may. */
  outcome?: Outcome<unknown>;
  failure?: string;
  claimed: readonly bigint[];
  commit: boolean;
  /** Told to commit or to roll back. */
  ending: boolean;
  readonly end: Gate;
  /** When it holds or is done. */
  readonly reached: Promise<void>;
  readonly finished: Promise<void>;
}

/** Neither done nor waiting for the test to end its transaction. */
function isBusy({ done, holding, ending }: Running): boolean {
  return !done && (!holding || ending);
}

/** When it is no longer busy, unless it waits for somebody. */
function turn({ hold, ending, reached, finished }: Running): Promise<void> {
  return hold && !ending ? reached : finished;
}

class Run {
  readonly #bench: Bench;
  readonly #notes: Notes;
  readonly #program: Program;
  readonly #start: Promise<Snapshot>;
  readonly #history: string[] = [];
  #running: Running[] = [];

  constructor(bench: Bench, notes: Notes, program: Program) {
    this.#bench = bench;
    this.#notes = notes;
    this.#program = program;
    this.#start = readSnapshot(bench.operator, notes.jobs);
  }

  async run(): Promise<void> {
    let before = await this.#start;
    try {
      for (const step of this.#program.steps) {
        if (step.at === 'end') this.#end(step.pick, step.commit);
        else {
          for (const choice of step.choices) {
            const operation = resolve(choice, before, this.#notes);
            if (operation === undefined) continue;
            // work is what takes its time
            const longer = operation.worksOn !== undefined && choice.pick % 3 === 0;
            this.#launch(operation, operation.severalCalls !== true && (choice.hold || longer));
          }
        }
        before = await this.#settle(before);
      }
      while (this.#running.length > 0) {
        this.#end(0, true);
        before = await this.#settle(before);
      }
      await this.#drain(before);
    } finally {
      // a broken rule leaves no transaction behind that the next program would meet
      for (const one of this.#running) one.end.open();
      await Promise.all(this.#running.map(({ finished }) => finished));
    }
  }

  #launch(operation: Operation, hold: boolean): void {
    const busy = this.#running.filter(({ operation: { by } }) => by === operation.by).length;
    if (busy >= sessionsEach - 1) return;
    const { tally } = this.#bench;
    tally.operations += 1;
    if (hold) tally.held += 1;
    if (this.#running.length > 0) tally.concurrent += 1;
    this.#history.push(`${hold ? 'in a transaction: ' : ''}${operation.text}`);
    if (operation.cancels !== undefined) this.#notes.cancelled.add(operation.cancels);
    const reached = gate();
    const running: Running = {
      operation,
      hold,
      holding: false,
      done: false,
      claimed: [],
      commit: true,
      ending: false,
      end: gate(),
      reached: reached.opened,
      finished: Promise.resolve(),
    };
    const finished = this.#perform(running, reached).finally(() => {
      running.holding = false;
      running.done = true;
      reached.open();
    });
    this.#running.push(Object.assign(running, { finished }));
  }

  async #perform(running: Running, reached: Gate): Promise<void> {
    const { operation, hold } = running;
    const engine = this.#bench.of(operation.by);
    const inTransaction = async (session: Session): Promise<unknown> => {
      const answer = await operation.run(session);
      if (!hold) return answer;
      running.holding = true;
      running.claimed = operation.claims?.(answer) ?? [];
      reached.open();
      await running.end.opened;
      if (!running.commit) throw new RolledBack();
      return answer;
    };
    try {
      const answer =
        hold || operation.transaction ? await engine.transaction(inTransaction) : await operation.run(engine);
      running.outcome = { answer };
    } catch (error) {
      if (error instanceof RolledBack) this.#bench.tally.rolledBack += 1;
      else if (error instanceof ProcedureError && operation.refusals.includes(error.number)) {
        running.outcome = { refused: error.number };
        this.#bench.tally.refusals += 1;
      } else running.failure = error instanceof Error ? error.message : String(error);
    }
  }

  #end(pick: number, commit: boolean): void {
    const holding = this.#running.filter((one) => one.holding);
    const one = holding[pick % Math.max(1, holding.length)];
    if (one === undefined) return;
    this.#history.push(`${commit ? 'commit' : 'roll back'}: ${one.operation.text}`);
    one.commit = commit;
    one.ending = true;
    one.end.open();
  }

  /** Waits until everything has ended, holds its transaction open, or waits for one that does; then looks at the rows. */
  async #settle(before: Snapshot): Promise<Snapshot> {
    const alone = this.#running.length === 1 && this.#running.every(({ hold }) => !hold);
    await this.#quiet();
    for (const one of this.#running) if (one.operation.neverWaits) await this.#mustNotWait(one);
    // before the rows are read: what ends meanwhile is judged by the next look at them
    const ended = this.#running.filter(({ done }) => done);
    this.#running = this.#running.filter(({ done }) => !done);
    const [after, violations] = await Promise.all([
      readSnapshot(this.#bench.operator, this.#notes.jobs),
      readViolations(this.#bench.operator, this.#notes.jobs),
    ]);
    const open = this.#running.filter(({ holding }) => holding);
    this.#notes.atWork = new Set(open.flatMap(({ operation: { worksOn } }) => worksOn ?? []));
    this.#notes.claiming = open.flatMap(({ claimed }) => claimed);
    const found = ended.flatMap(({ operation, outcome, failure }) => [
      ...(failure === undefined ? [] : [`${operation.text}: ${failure}`]),
      ...(outcome === undefined ? [] : operation.learn(outcome, after, this.#notes)),
    ]);
    const [only] = ended;
    if (alone && only?.outcome !== undefined) {
      this.#bench.tally.predicted += 1;
      const draft = new Draft(before);
      const wrong = [...only.operation.predict(only.outcome, draft), ...differences(draft, after)];
      found.push(...wrong.map((text) => `${only.operation.text}: ${text}`));
    }
    this.#broken([...found, ...forbidden(before, after), ...violations, ...this.#bench.repeated.splice(0)]);
    return after;
  }

  /** For a second on end, nobody moves but for somebody else's sake, this one among them: it waits. */
  async #mustNotWait(one: Running): Promise<void> {
    let since: number | undefined;
    while (isBusy(one)) {
      await Promise.race([turn(one), sleep(50)]);
      const busy = this.#running.filter(isBusy).length;
      const blocked = await countBlocked(this.#bench.operator);
      since = blocked >= busy ? (since ?? performance.now()) : undefined;
      if (isBusy(one) && since !== undefined && performance.now() - since > 1000)
        this.#broken([`${one.operation.text}: it waits for somebody`]);
    }
  }

  async #quiet(): Promise<void> {
    const deadline = performance.now() + 20_000;
    for (;;) {
      const busy = this.#running.filter(isBusy);
      if (busy.length === 0) return;
      await Promise.race([Promise.all(busy.map(turn)), sleep(2)]);
      const left = this.#running.filter(isBusy).length;
      const open = this.#running.some(({ holding, ending }) => holding && !ending);
      if (left > 0 && open && (await countBlocked(this.#bench.operator)) >= left) return;
      if (performance.now() > deadline)
        this.#broken([`stuck: ${busy.map(({ operation }) => operation.text).join('; ')}`]);
    }
  }

  /** Ends what is held, and lets a healthy worker finish the rest: all of it must end, once, with nothing missing. */
  async #drain(last: Snapshot): Promise<void> {
    let before = last;
    const all = async (name: Choice['name'], picks: readonly number[]): Promise<void> => {
      for (const pick of picks) {
        const choice = { name, pick, worker: pick % workers, n: 4, stale: false, hold: false };
        const operation = resolve(choice, before, this.#notes);
        if (operation !== undefined) this.#launch(operation, false);
      }
      before = await this.#settle(before);
    };
    for (let round = 0; ![...before.jobs.values()].every(hasEnded); round++) {
      if (round === 60) this.#broken(['the jobs do not end']);
      await all('wait', [0]);
      await all('claim', [1, 2]);
      // what a cancelled job does not let complete is given back
      for (const name of ['complete', 'give back'] as const) {
        const held = [...before.chunks.values()].filter(({ holder }) => holder !== null).length;
        await all(
          name,
          Array.from({ length: held }, (_, i) => i),
        );
      }
      await all('finalize', [0, 1, 2, 3]);
    }
    await this.#checkEnd(await this.#start, before);
  }

  async #checkEnd(start: Snapshot, end: Snapshot): Promise<void> {
    const { operator, tally } = this.#bench;
    const found: string[] = [];
    for (const job of this.#notes.jobs) {
      const of = (snapshot: Snapshot) =>
        [...snapshot.chunks.values()].filter((chunk) => chunk.job === job && chunk.state !== 'OMITIDO');
      const range = (snapshot: Snapshot) =>
        of(snapshot)
          .flatMap(({ from, to }) => Array.from({ length: Number(to - from) }, (_, i) => Number(from) + i))
          .sort((a, b) => a - b)
          .join();
      const weight = (snapshot: Snapshot) => of(snapshot).reduce((sum, one) => sum + one.weight, 0);
      if (range(start) !== range(end)) found.push(`job ${job} covers another range than at first`);
      if (weight(start) !== weight(end)) found.push(`job ${job} has another weight than at first`);
      const said = this.#notes.finalized.get(job) ?? 0;
      tally.finalized += said;
      if (operator.dialect !== 'postgres') continue;
      const changes = await countChanges(operator, [job]);
      const ended = changes.get('FINALIZA') ?? 0;
      const reopened = changes.get('REABRE_TRABAJO') ?? 0;
      if (ended !== reopened + 1 || ended !== said)
        found.push(
          `job ${job} ended ${ended} times, was reopened ${reopened} times, and ${said} calls ended it`,
        );
      tally.takeovers += changes.get('TOMA') ?? 0;
    }
    if (operator.dialect !== 'postgres') tally.takeovers += this.#notes.takeovers;
    this.#broken(found);
  }

  #broken(found: readonly string[]): void {
    if (found.length === 0) return;
    const steps = this.#history.map((line) => `  ${line}`);
    throw new Error(`${found.join('\n')}\nafter\n${steps.join('\n')}`);
  }
}
