import type { Argv } from 'yargs';

import type { Engine } from '../../../../engine/index.js';
import { logs } from '../../../../procedures/generated/index.js';
import type { BackfillEnd, BackfillPace } from '../../../backfill.js';
import { BackfillProgress } from '../../backfill-progress.js';
import type { GlobalOptions } from '../../context.js';
import { parseCount, parseDuration } from '../../durations.js';
import { interrupted, onInterrupt } from '../../interrupt.js';
import type { Output } from '../../output.js';

export interface PaceArguments {
  readonly batch: string | number;
  readonly pause: string | number;
  readonly maxMinutes: string | number | undefined;
  readonly waitForMigrator: string;
}

export type State = logs.BackfillEstadoResult;

/** The options of a loop over batches. */
export function paceOptions(args: Argv<GlobalOptions>, batch: number): Argv<GlobalOptions> {
  return args
    .option('batch', {
      type: 'string',
      default: batch,
      describe: 'rows a transaction; a statement never writes more than 2,000',
    })
    .option('pause', { type: 'string', default: 0, describe: 'milliseconds between two transactions' })
    .option('max-minutes', {
      type: 'string',
      requiresArg: true,
      describe: 'stop after so many minutes; the next call goes on',
    })
    .option('wait-for-migrator', {
      type: 'string',
      default: '15s',
      requiresArg: true,
      describe: 'how long to wait while another backfill or migrator is at work, as 500ms, 5s or 2m',
    });
}

/** @throws UsageError naming the option */
export function parsePace(
  argv: PaceArguments,
  most: number,
): Pick<BackfillPace, 'batch' | 'pauseMs'> & {
  readonly deadline: number | undefined;
} {
  const minutes =
    argv.maxMinutes === undefined ? undefined : parseCount(argv.maxMinutes, '--max-minutes', 1, 100_000);
  return {
    batch: parseCount(argv.batch, '--batch', 1, most),
    pauseMs: parseCount(argv.pause, '--pause', 0, 3_600_000),
    deadline: minutes === undefined ? undefined : performance.now() + minutes * 60_000,
  };
}

export async function readState(engine: Engine): Promise<State> {
  return await logs.backfillEstado(engine, { idempotent: true });
}

/**
 * Runs a loop with a progress bar, alone: a second one, or a migration, waits and is told for whom. Ctrl-C ends it after
 * the transaction that runs, twice at once.
 */
export async function withProgress<Result>(
  engine: Engine,
  what: {
    /** `run`, for a command's own name. */
    readonly command: string;
    readonly title: string;
    readonly total: bigint | number;
    readonly done: bigint | number;
    readonly waitForMigrator: string;
  },
  out: Output,
  work: (pace: Pick<BackfillPace, 'signal' | 'onStep'>) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const release = onInterrupt((times) => {
    if (times > 1) process.exit(interrupted);
    controller.abort();
  });
  const waitMs = parseDuration(what.waitForMigrator, '--wait-for-migrator');
  const { asOnlyMigrator, describeHolder } = await import('../../../../migrator/index.js');
  try {
    return await asOnlyMigrator(
      engine,
      {
        what: `carril backfill ${what.command}`,
        waitMs,
        onWaiting: (holder) => {
          out.note(`waiting for ${holder === undefined ? 'another migrator' : describeHolder(holder)}`);
        },
      },
      async (lost) => {
        const progress = new BackfillProgress(what.title, Number(what.total), Number(what.done), out);
        try {
          return await work({
            signal: AbortSignal.any([controller.signal, lost]),
            onStep: (step) => {
              progress.step(step);
            },
          });
        } finally {
          progress.stop();
        }
      },
    );
  } finally {
    release();
  }
}

/** What is said of a loop that ended before it was done. */
export function sayStopped(end: BackfillEnd, command: string, out: Output): void {
  if (end !== 'done') out.print(`stopped between two transactions; go on with: carril backfill ${command}`);
}

export function exitOf(end: BackfillEnd): number {
  return end === 'interrupted' ? interrupted : 0;
}

export function stateJson(state: State): Record<string, unknown> {
  return {
    phase: state.fase,
    table: state.tabla,
    round: state.vuelta + 1,
    batches: state.lotes,
    rows: state.filas,
    measured: state.medidas,
    rekeyed: state.cambiadas,
    set_aside: state.apartadas,
    executions: state.ejecuciones,
    new_executions: state.nuevas,
    without_process: state.sinProceso,
    largest_statement: state.mayorSentencia,
    started: state.inicio,
    last: state.ultimo,
    ended: state.fin,
    verified: state.verificado,
    finished: state.terminado,
  };
}

export type SetAside = readonly logs.BackfillListarApartadosRow[];

export async function readSetAside(engine: Engine): Promise<SetAside> {
  return await logs.backfillListarApartados(engine, { idempotent: true });
}

const reasons: Readonly<Record<string, string>> = {
  SIN_FONDO: 'no fund has this portfolio, or its run does not have the fund',
  VARIOS_FONDOS: 'several funds have this portfolio',
  SIN_EJECUCION: 'no run of this date, or ID, has the fund',
  VARIAS_EJECUCIONES: 'several runs of this date have the fund',
  SIN_FECHA: 'without a date',
  SIN_FONDOS: 'a run without funds',
};

export function printSetAside(rows: SetAside, out: Output): void {
  if (rows.length === 0) return;
  out.print();
  out.print('set aside, unchanged, with a copy and the reason in logs.Backfill_Apartados:');
  out.table(
    ['table', 'rows', 'reason', 'which says that'],
    rows.map(({ tabla, motivo, filas }) => [tabla, Number(filas), motivo, reasons[motivo] ?? '']),
  );
}

export function setAsideJson(rows: SetAside): unknown {
  return rows.map(({ tabla, motivo, filas }) => ({ table: tabla, reason: motivo, rows: filas }));
}
