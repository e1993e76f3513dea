import { trabajo } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseCount } from '../../durations.js';
import type { Output } from '../../output.js';
import { agoOf, tookOf } from '../../spans.js';
import { jobJson, parseKind, parseState, stateOf } from './view.js';

interface ListArguments {
  readonly kind: string | undefined;
  readonly state: string | undefined;
  readonly limit: string | number;
}

/** States that a job may be in. */
const states = [
  'EN_PROGRESO',
  'COMPLETADO',
  'COMPLETADO_CON_ERRORES',
  'ERROR',
  'CANCELADO',
  'REVERTIDO',
] as const;

export const list = defineCommand<ListArguments>({
  command: 'list',
  describe: 'show the newest jobs',
  builder: (args) =>
    args
      .option('kind', { type: 'string', requiresArg: true, describe: 'only jobs of this kind' })
      .option('state', {
        type: 'string',
        requiresArg: true,
        describe: `only jobs in this state: ${states.join(', ')}`,
      })
      .option('limit', { type: 'string', default: 20, describe: 'jobs at most' })
      .example('$0 jobs list', 'the newest jobs of every kind')
      .example('$0 jobs list --kind FONDOS --state ERROR', 'runs that have failed')
      .example(
        '$0 jobs list --json',
        '{ "jobs": [{ "job", "kind", "key", "state", "user", "created", "ended", "chunks", "waiting", "running", "completed", "failed", … }] }',
      ),
  handler: async (argv) => {
    const tipo = parseKind(argv.kind);
    const estado = parseState(argv.state, '--state', states);
    const maximo = parseCount(argv.limit, '--limit', 1, 1000);
    await withEngine(argv, async (engine, out) => {
      const all = await trabajo.listarTrabajos(
        engine,
        { tipo, estado, maximo: maximo + 1 },
        { idempotent: true },
      );
      // the container of LO_PROCESOS' rows never ends, and nobody works on it
      const jobs = all.filter((job) => tipo !== null || job.tipo !== 'LO_PROCESOS').slice(0, maximo);
      out.document({ jobs: jobs.map((job) => ({ ...jobJson(job), user: job.usuario })) });
      if (jobs.length === 0) out.print(tipo === null && estado === null ? 'no job yet' : 'no such job');
      else printJobs(jobs, out);
    });
  },
});

function printJobs(jobs: readonly trabajo.ListarTrabajosRow[], out: Output): void {
  out.table(
    [
      'job',
      'kind',
      'state',
      'done',
      'running',
      'waiting',
      'failed',
      'cancelled',
      'created',
      'took',
      'by',
      'key',
    ],
    jobs.map((job) => [
      job.idTrabajo,
      job.tipo,
      stateOf(job),
      `${job.completados}/${job.total}`,
      job.enProgreso,
      job.pendientes,
      job.fallidos,
      job.cancelados,
      `${agoOf(job.fechaCreacion)} ago`,
      took(job),
      job.usuario,
      job.clave,
    ]),
    {
      // what runs and what waits is what is missing from n/m
      head: ['job', 'kind', 'state', 'done', 'failed', 'created'],
      rows: jobs.map((job) => [
        job.idTrabajo,
        job.tipo,
        stateOf(job),
        `${job.completados}/${job.total}`,
        job.fallidos,
        `${agoOf(job.fechaCreacion)} ago`,
      ]),
    },
  );
}

function took({ fechaCreacion, fechaFin }: trabajo.ListarTrabajosRow): string | null {
  return fechaFin === null ? null : tookOf(fechaCreacion, fechaFin);
}
