import type { Engine } from '../../../engine/index.js';
import { logs, trabajo } from '../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../context.js';
import { parseCount, parseDate, parseId } from '../durations.js';
import type { Output } from '../output.js';
import { spanOf } from '../spans.js';

interface StatusArguments {
  readonly id: string | undefined;
  readonly date: string | undefined;
  readonly limit: string | number;
}

type ProcessState = Awaited<ReturnType<typeof logs.listarProcesos>>[number];

export const command = defineCommand<StatusArguments>({
  command: 'status [id]',
  describe: 'show the newest processes, or one of them with its funds',
  builder: (args) =>
    args
      .positional('id', { type: 'string', describe: 'a process, or an execution of the legacy way' })
      .option('date', { type: 'string', requiresArg: true, describe: 'only processes of this date' })
      .option('limit', { type: 'string', default: 20, describe: 'processes at most' })
      .example('$0 status', 'the newest processes')
      .example('$0 status 1042', 'one process, fund by fund'),
  handler: async (argv) => {
    const date = argv.date === undefined ? null : parseDate(argv.date, '--date');
    const limit = parseCount(argv.limit, '--limit', 1, 1000);
    const id = argv.id === undefined ? undefined : parseId(argv.id, 'ID');
    await withEngine(argv, async (engine, out) => {
      if (id === undefined) await showNewest(engine, out, date, limit);
      else await showOne(engine, out, id);
    });
  },
});

async function showNewest(engine: Engine, out: Output, date: string | null, limit: number): Promise<void> {
  const processes = await logs.listarProcesos(
    engine,
    { fechaReporte: date, maximo: limit },
    { idempotent: true },
  );
  out.document({ processes: processes.map(processJson) });
  if (processes.length === 0) {
    out.print(
      date === null
        ? 'no process yet; `carril run --date …` starts one'
        : `no process of ${date} yet; \`carril run --date ${date}\` starts one`,
    );
    return;
  }
  printProcesses(processes, out);
}

async function showOne(engine: Engine, out: Output, id: bigint): Promise<void> {
  const state = await logs.estadoProceso(engine, { idProceso: id }, { idempotent: true });
  const executions = await logs.estadoEjecuciones(
    engine,
    { idProceso: state.idProceso },
    { idempotent: true },
  );
  const eta = await etaOf(engine, state);
  out.document({
    process: { ...processJson(state), eta_s: eta },
    executions: executions.map((execution) => ({
      execution_id: execution.idEjecucion,
      fund: execution.fundShortName,
      state: execution.estado,
      service: execution.servicioActual,
      attempt: execution.intento,
      holder: execution.poseedor,
      started: execution.fechaInicio,
      ended: execution.fechaFin,
      error: execution.mensajeError,
    })),
  });
  printProcesses([state], out);
  if (eta !== null) out.print(`about ${spanOf(eta)} left`);
  out.print();
  out.table(
    ['fund', 'execution', 'state', 'service', 'attempt', 'holder', 'seconds', 'error'],
    executions.map((execution) => [
      execution.fundShortName,
      execution.idEjecucion,
      execution.estado,
      execution.servicioActual,
      execution.intento,
      execution.poseedor,
      seconds(execution.fechaInicio, execution.fechaFin),
      execution.mensajeError,
    ]),
    {
      // who held it is in --json; messages are longer than any column
      head: ['fund', 'execution', 'state', 'service', 'try', 's'],
      rows: executions.map((execution) => [
        execution.fundShortName,
        execution.idEjecucion,
        execution.estado,
        execution.servicioActual,
        execution.intento,
        seconds(execution.fechaInicio, execution.fechaFin),
      ]),
      below: executions
        .filter(({ mensajeError }) => mensajeError !== null)
        .map(
          (execution) =>
            `${execution.fundShortName ?? execution.idEjecucion}: ${execution.mensajeError ?? ''}`,
        ),
    },
  );
}

/** Seconds until the process has ended; null when it has, or while nothing in it has completed. */
async function etaOf(engine: Engine, { idTrabajo, fechaFin }: ProcessState): Promise<number | null> {
  if (idTrabajo === null || fechaFin !== null) return null;
  return (await trabajo.estadoTrabajo(engine, { idTrabajo }, { idempotent: true })).faltanS;
}

function printProcesses(processes: readonly ProcessState[], out: Output): void {
  out.table(
    [
      'process',
      'date',
      'state',
      'stage',
      'funds',
      'done',
      'failed',
      'skipped',
      'running',
      'waiting',
      'seconds',
    ],
    processes.map((process) => [
      process.idProceso,
      process.fechaReporte,
      process.estado,
      process.etapaActual,
      process.totalFondos,
      process.fondosExitosos,
      process.fondosFallidos,
      process.fondosOmitidos,
      process.fondosEnProgreso,
      process.fondosPendientes,
      seconds(process.fechaInicio, process.fechaFin),
    ]),
    {
      // what runs and what waits is what is missing from n/m
      head: ['process', 'date', 'state', 'done', 'failed', 'skipped', 's'],
      rows: processes.map((process) => [
        process.idProceso,
        process.fechaReporte,
        process.estado,
        `${process.fondosExitosos}/${process.totalFondos}`,
        process.fondosFallidos,
        process.fondosOmitidos,
        seconds(process.fechaInicio, process.fechaFin),
      ]),
    },
  );
}

function processJson(process: ProcessState): Record<string, unknown> {
  return {
    id: process.idProceso,
    date: process.fechaReporte,
    state: process.estado,
    stage: process.etapaActual,
    user: process.usuario,
    architecture: process.arquitectura,
    started: process.fechaInicio,
    ended: process.fechaFin,
    funds: process.totalFondos,
    completed: process.fondosExitosos,
    failed: process.fondosFallidos,
    skipped: process.fondosOmitidos,
    running: process.fondosEnProgreso,
    waiting: process.fondosPendientes,
    job_id: process.idTrabajo,
  };
}

function seconds(from: Date | null, to: Date | null): string | null {
  return from === null || to === null ? null : ((to.getTime() - from.getTime()) / 1000).toFixed(2);
}
