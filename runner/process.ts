import { randomUUID } from 'node:crypto';

import type { Engine } from '../engine/index.js';
import { ProcedureError } from '../engine/index.js';
import { logs } from '../procedures/generated/index.js';
import { fundsHandler } from './handlers/funds.js';
import { legacyFundsHandler } from './handlers/legacy-funds.js';
import type { WorkerEvents } from './lanes/events.js';
import { currentUser } from './user.js';
import type { Tracer } from './trace/tracer.js';
import { Worker } from './worker.js';

/** How funds run: all under one shared execution, as before the plan, or each under its own. */
export type Architecture = 'LEGADO' | 'JERARQUICA';

export const architectures: readonly Architecture[] = ['LEGADO', 'JERARQUICA'];

/** A process that lanes can work on. */
export interface FundsProcess {
  readonly id: bigint;
  readonly job: bigint;
  readonly date: string;
  readonly funds: number;
  /** It keeps the one that it was started with, whatever the switch says by now. */
  readonly architecture: Architecture;
}

/** For whom a process is started, when it is not for whoever runs this program. */
export interface Caller {
  /** The caller's own idempotency key: a repetition under it finds the first one's process. */
  readonly key?: string | undefined;
  /** A digest of what was asked, kept with the job: who comes back under the key may have asked for something else. */
  readonly digest?: string | undefined;
  readonly user?: string | undefined;
}

/** Defaults of everything that runs lanes. */
export const defaults = { lanes: 8, leaseSeconds: 30, maxRunTimeMs: 15 * 60_000 } as const;

/**
 * Starts what a date's run is: one process, or two when the switch (`logs.Ajustes`) sends some funds one way and some the
 * other: a process has one architecture.
 * @param architecture overrides the switch
 * @param service that one alone
 * @throws ProcedureError as `startProcess` does
 */
export async function startRun(
  engine: Engine,
  date: string,
  funds: readonly string[] = [],
  architecture?: Architecture,
  service?: string,
): Promise<readonly FundsProcess[]> {
  if (architecture !== undefined) return [await startProcess(engine, date, funds, architecture, service)];
  const settings = await logs.arquitecturaFondos(
    engine,
    { fondos: funds.map((fundShortName) => ({ fundShortName })) },
    { idempotent: true },
  );
  const ways = architectures.filter((way) => settings.some(({ arquitectura }) => arquitectura === way));
  // names that nobody knows are refused by the start, together with the others
  if (ways.length < 2) return [await startProcess(engine, date, funds, ways[0], service)];
  const started: FundsProcess[] = [];
  for (const way of ways) {
    const names = settings.filter((fund) => fund.arquitectura === way).map((fund) => fund.fundShortName);
    const unknown =
      started.length > 0 ? [] : funds.filter((name) => settings.every((fund) => fund.fundShortName !== name));
    started.push(await startProcess(engine, date, [...names, ...unknown], way, service));
  }
  return started;
}

/**
 * Starts a new process of a date, always: the key only keeps a repeated call, after a lost connection, from starting two.
 * @param architecture null: as the switch says
 * @param service that one alone, after what it depends on and the fund has not complete yet
 * @throws ProcedureError NOT_FOUND for an unknown fund or service or when there is none, WRONG_STATE for a fund that is not
 * active, or while `logs.Servicios` cannot be run
 */
export async function startProcess(
  engine: Engine,
  date: string,
  funds: readonly string[] = [],
  architecture: Architecture | null = 'JERARQUICA',
  service?: string,
  caller: Caller = {},
): Promise<FundsProcess> {
  const { idProceso, idTrabajo, totalFondos } = await logs.inicializarProceso(
    engine,
    {
      fechaReporte: date,
      fondos: funds.map((fundShortName) => ({ fundShortName })),
      usuario: caller.user ?? currentUser(),
      clave: caller.key ?? `run:${randomUUID()}`,
      arquitectura: architecture,
      servicio: service ?? null,
      huella: caller.digest ?? null,
    },
    { idempotent: true },
  );
  return {
    id: idProceso,
    job: idTrabajo,
    date,
    funds: totalFondos,
    architecture: architecture ?? (await findProcess(engine, idProceso)).architecture,
  };
}

/**
 * Finds a process that was started before.
 * @throws ProcedureError NOT_FOUND, or WRONG_STATE for one that was not run in lanes
 */
export async function findProcess(engine: Engine, id: bigint): Promise<FundsProcess & { ended: boolean }> {
  const state = await logs.estadoProceso(engine, { idProceso: id }, { idempotent: true });
  if (state.idTrabajo === null) {
    throw new ProcedureError(
      `process ${state.idProceso} was run the legacy way, by another program, and has no lanes to resume`,
      {
        code: 'WRONG_STATE',
        number: 50409,
      },
    );
  }
  return {
    id: state.idProceso,
    job: state.idTrabajo,
    date: state.fechaReporte,
    funds: state.totalFondos,
    architecture: state.arquitectura === 'LEGADO' ? 'LEGADO' : 'JERARQUICA',
    ended: state.fechaFin !== null,
  };
}

/** A worker for one process: it leaves when the process has ended, whoever worked on it. */
export function processWorker(
  engine: Engine,
  process: FundsProcess,
  options: {
    lanes: number;
    leaseSeconds?: number | undefined;
    maxRunTimeMs?: number | undefined;
    events?: WorkerEvents | undefined;
    tracer?: Tracer | undefined;
  },
): Worker {
  return new Worker({
    engine,
    handlers: [fundsHandler, legacyFundsHandler],
    lanes: Math.max(1, Math.min(options.lanes, process.funds)),
    leaseSeconds: options.leaseSeconds ?? defaults.leaseSeconds,
    maxRunTimeMs: options.maxRunTimeMs ?? defaults.maxRunTimeMs,
    job: process.job,
    events: options.events,
    tracer: options.tracer,
  });
}
