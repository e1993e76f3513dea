import { UsageError } from '../../../engine/errors.js';
import type { Engine } from '../../../engine/index.js';
import { deleteProcess, planRollback, rollBack } from '../../undo.js';
import type { PlannedExecution } from '../../undo.js';
import { BackfillProgress } from '../backfill-progress.js';
import { confirm } from '../confirm.js';
import { defineCommand, withEngine } from '../context.js';
import { parseCount, parseId } from '../durations.js';
import { CommandError } from '../errors.js';
import { interrupted, onInterrupt } from '../interrupt.js';
import type { Output } from '../output.js';

interface RollbackArguments {
  readonly execution: string | undefined;
  readonly process: string | undefined;
  readonly delete: boolean;
  readonly yes: boolean;
  readonly batch: string | number;
  readonly pause: string | number;
}

interface Wish {
  readonly what: { readonly process: bigint } | { readonly execution: bigint };
  readonly withHistory: boolean;
  readonly yes: boolean;
  readonly batch: number;
  readonly pauseMs: number;
}

export const command = defineCommand<RollbackArguments>({
  command: 'rollback',
  describe: 'delete what an execution or a process computed, and keep its history',
  builder: (args) =>
    args
      .option('execution', { type: 'string', requiresArg: true, describe: "one fund's execution" })
      .option('process', { type: 'string', requiresArg: true, describe: 'all executions of a process' })
      .option('delete', {
        type: 'boolean',
        default: false,
        describe: 'with --process: the process and its executions, too',
      })
      .option('yes', { type: 'boolean', default: false, describe: 'do not ask' })
      .option('batch', { type: 'string', default: 2000, describe: 'rows a transaction, at most 2,000' })
      .option('pause', { type: 'string', default: 0, describe: 'milliseconds between two transactions' })
      .conflicts('execution', 'process')
      .example('$0 rollback --execution 1043', 'one fund; the others of its process are untouched')
      .example('$0 rollback --process 1042 --yes --json', '{ "executions", "rows", "stopped", … }')
      .example('$0 rollback --process 1042 --delete', 'as if it had never run')
      .epilogue(
        'Rows of extract and staging go, in batches; messages, times and traces stay, and the execution is REVERTIDO from the ' +
          'first batch on. Interrupted or killed, it is run again. What runs or waits to be run is refused.',
      ),
  handler: async (argv) => {
    const wish = readWish(argv);
    await withEngine(argv, async (engine, out) => {
      const plan = await planRollback(engine, wish.what);
      refuseRunning(plan);
      const rows = plan.reduce((sum, { filas }) => sum + filas, 0n);
      const name = nameOf(plan, wish);
      out.note(
        `${name}: ${plan.length} execution${plan.length === 1 ? '' : 's'}, ${rows} rows in extract and staging`,
      );
      if (
        !wish.yes &&
        !(await confirm(`${wish.withHistory ? 'Delete them and the history' : 'Delete these rows'}?`))
      ) {
        out.print('nothing was deleted');
        return 1;
      }
      return await undo(engine, plan, { ...wish, rows, name }, out);
    });
  },
});

/** @throws UsageError */
function readWish(argv: RollbackArguments): Wish {
  if ((argv.execution === undefined) === (argv.process === undefined))
    throw new UsageError('say what to roll back: --execution ID or --process ID');
  if (argv.delete && argv.process === undefined)
    throw new UsageError('--delete needs --process: an execution is part of its process’s history');
  return {
    what:
      argv.process === undefined
        ? { execution: parseId(argv.execution ?? '', '--execution') }
        : { process: parseId(argv.process, '--process') },
    withHistory: argv.delete,
    yes: argv.yes,
    batch: parseCount(argv.batch, '--batch', 1, 2000),
    pauseMs: parseCount(argv.pause, '--pause', 0, 3_600_000),
  };
}

/** @throws CommandError naming what runs: half a process would be rolled back otherwise */
function refuseRunning(plan: readonly PlannedExecution[]): void {
  const running = plan.filter(({ termino }) => !termino);
  if (running.length === 0) return;
  const names = running.map(
    ({ fundShortName, idEjecucion, estado }) => `${fundShortName ?? idEjecucion} ${estado}`,
  );
  throw new CommandError(
    `not ended yet: ${names.slice(0, 10).join(', ')}${names.length > 10 ? `, … (${names.length})` : ''}; let it end, ` +
      'or cancel its job (carril jobs list, carril jobs cancel), and roll back then',
    'WRONG_STATE',
    { running: running.map(({ idEjecucion }) => idEjecucion.toString()) },
  );
}

function nameOf([first]: readonly PlannedExecution[], { what }: Wish): string {
  // of a run from before processes the execution stands for the process
  if ('process' in what) return `process ${first?.idProceso ?? what.process}`;
  return `execution ${what.execution}${first?.fundShortName == null ? '' : ` of ${first.fundShortName}`}`;
}

async function undo(
  engine: Engine,
  plan: readonly PlannedExecution[],
  wish: Wish & { readonly rows: bigint; readonly name: string },
  out: Output,
): Promise<number> {
  const controller = new AbortController();
  const release = onInterrupt((times) => {
    if (times > 1) process.exit(interrupted);
    controller.abort();
  });
  const pace = { batch: wish.batch, pauseMs: wish.pauseMs, signal: controller.signal };
  const progress = new BackfillProgress('rollback', Number(wish.rows), 0, out);
  let deleted = 0;
  let history = 0;
  try {
    const { stopped, foreign } = await rollBack(engine, plan, {
      ...pace,
      onBatch: ({ fundShortName, idEjecucion }, rows, done) => {
        deleted += rows;
        progress.step({ phase: '', table: fundShortName ?? String(idEjecucion), rows, done });
      },
    });
    progress.stop();
    const id = plan[0]?.idProceso;
    let halted = stopped;
    if (!stopped && wish.withHistory && id != null) {
      const end = await deleteProcess(engine, id, pace);
      halted = end.stopped;
      history = end.rows;
    }
    out.document({
      executions: plan.map(({ idEjecucion, fundShortName }) => ({
        execution_id: idEjecucion,
        fund: fundShortName,
      })),
      rows: deleted,
      history_rows: history,
      foreign_tables: foreign,
      stopped: halted,
    });
    if (foreign.length > 0)
      out.warn(
        `not carril's, and left as they are: ${foreign.join(', ')}; delete the rows of these executions there yourself`,
      );
    if (halted) {
      out.print(`${wish.name}: stopped after ${deleted} rows; the same command goes on`);
      return interrupted;
    }
    out.print(`${wish.name}: ${deleted} rows deleted, ${history > 0 ? 'and its history' : 'REVERTIDO'}`);
    return 0;
  } finally {
    progress.stop();
    release();
  }
}
