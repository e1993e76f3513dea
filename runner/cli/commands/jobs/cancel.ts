import { setTimeout as sleep } from 'node:timers/promises';

import { ProcedureError } from '../../../../engine/index.js';
import type { Engine } from '../../../../engine/index.js';
import { trabajo } from '../../../../procedures/generated/index.js';
import { cancelJob } from '../../../cancel-job.js';
import { handlers } from '../../../handlers/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseId } from '../../durations.js';
import { interrupted, onInterrupt } from '../../interrupt.js';
import type { Output } from '../../output.js';
import { counted } from './view.js';

interface CancelArguments {
  readonly id: string;
  readonly wait: boolean;
}

type Job = trabajo.EstadoTrabajoResult;

const askEveryMs = 1000;

export const cancel = defineCommand<CancelArguments>({
  command: 'cancel <id>',
  describe: 'cancel a job: what waits at once, what runs with its next heartbeat',
  builder: (args) =>
    args
      .positional('id', { type: 'string', demandOption: true, describe: 'the job' })
      .option('wait', {
        type: 'boolean',
        default: false,
        describe: 'until what runs has stopped',
      })
      .example('$0 jobs cancel 42 --wait', 'and come back when nothing of it runs any more')
      .example('$0 jobs cancel 42 --json', '{ "job", "state", "cancelled", "running" }')
      .epilogue(
        'A worker hears of it with its next heartbeat, a third of its lease; one that is gone loses its chunks when their leases expire.',
      ),
  handler: async (argv) => {
    const idTrabajo = parseId(argv.id, 'ID');
    await withEngine(argv, async (engine, out) => {
      const before = await trabajo.estadoTrabajo(engine, { idTrabajo }, { idempotent: true });
      const cancelled = await cancelJob(engine, idTrabajo);
      let job = await ended(engine, idTrabajo);
      let left = false;
      if (argv.wait && job.fechaFin === null) [job, left] = await stopped(engine, job, out);
      out.document({ job: idTrabajo, state: job.estado, cancelled, running: job.enProgreso });
      if (before.fechaFin !== null) out.print(`job ${idTrabajo} had ended already: ${before.estado}`);
      else out.print(sayCancelled(job, cancelled));
      return left ? interrupted : 0;
    });
  },
});

function sayCancelled(job: Job, cancelled: number): string {
  const what = `job ${job.idTrabajo}: ${counted(cancelled)} cancelled`;
  if (job.fechaFin !== null) return `${what}, none runs: ${job.estado}`;
  if (job.enProgreso === 0) return `${what}, none runs; its workers will end it`;
  return `${what}, ${job.enProgreso} still running: their workers hear of it with the next heartbeat`;
}

/** The job's state, after an attempt to end it: there may be no worker left that would. */
async function ended(engine: Engine, idTrabajo: bigint): Promise<Job> {
  const state = () => trabajo.estadoTrabajo(engine, { idTrabajo }, { idempotent: true });
  const job = await state();
  const handler = handlers.find(({ kind }) => kind === job.tipo);
  if (job.fechaFin !== null) return job;
  try {
    if (handler !== undefined) await handler.finalize(job, engine);
    else await trabajo.finalizarTrabajo(engine, { idTrabajo }, { idempotent: true });
  } catch (error) {
    // of a kind that ends another way: its workers know how
    if (!(error instanceof ProcedureError) || !['WRONG_STATE', 'LOCK_TIMEOUT'].includes(error.code))
      throw error;
  }
  return await state();
}

/** Asks until nothing of the job runs any more; the second value says that Ctrl-C came first. */
async function stopped(engine: Engine, before: Job, out: Output): Promise<[Job, boolean]> {
  const controller = new AbortController();
  const release = onInterrupt(() => {
    controller.abort();
  });
  const progress = out.progress(`job ${before.idTrabajo}`, before.enProgreso);
  let job = before;
  try {
    while (job.fechaFin === null && !controller.signal.aborted) {
      progress.update(
        Math.max(0, before.enProgreso - job.enProgreso),
        `${job.enProgreso} still running`,
        before.enProgreso,
      );
      await sleep(askEveryMs, undefined, { signal: controller.signal }).catch(() => undefined);
      job = await ended(engine, job.idTrabajo);
    }
  } finally {
    progress.stop();
    release();
  }
  return [job, controller.signal.aborted];
}
