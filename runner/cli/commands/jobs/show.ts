import { trabajo } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseCount, parseId } from '../../durations.js';
import type { Output } from '../../output.js';
import { agoOf, spanOf, tookOf } from '../../spans.js';
import { oneLine } from '../../table.js';
import type { Cell } from '../../table.js';
import { jobJson, parseState, stateOf } from './view.js';

interface ShowArguments {
  readonly id: string;
  readonly state: string | undefined;
  readonly from: string | number;
  readonly limit: string | number;
}

/** A kind without chunks or leases. */
const sequential = 'LOGS_SECUENCIAL';

type Job = trabajo.EstadoTrabajoResult;
type Chunk = trabajo.ListarChunksRow;

/** What a chunk may be doing, as `trabajo.vw_Chunks` tells. */
const situations = [
  'PENDIENTE',
  'EN_ESPERA',
  'EN_PROGRESO',
  'VENCIDO',
  'COMPLETADO',
  'ERROR',
  'CANCELADO',
  'OMITIDO',
] as const;

export const show = defineCommand<ShowArguments>({
  command: 'show <id>',
  describe: 'show a job: how far it is, when it will have ended, and its chunks',
  builder: (args) =>
    args
      .positional('id', { type: 'string', demandOption: true, describe: 'the job' })
      .option('state', {
        type: 'string',
        requiresArg: true,
        describe: `only chunks in this state: ${situations.join(', ')}`,
      })
      .option('from', { type: 'string', default: 0, describe: 'only chunks from this order on' })
      .option('limit', { type: 'string', default: 50, describe: 'chunks at most' })
      .example('$0 jobs show 42', 'how far job 42 is')
      .example('$0 jobs show 42 --state ERROR', 'what has failed in it, and why')
      .example(
        '$0 jobs show 42 --json',
        '{ "job": { "job", "state", …, "eta_s", "weight_per_s" }, "chunks": [{ "chunk", "order", "state", "holder", "attempt", "error", … }] }',
      ),
  handler: async (argv) => {
    const idTrabajo = parseId(argv.id, 'ID');
    const situacion = parseState(argv.state, '--state', situations);
    const desdeOrden = parseCount(argv.from, '--from', 0, 2 ** 31 - 1);
    const maximo = parseCount(argv.limit, '--limit', 1, 1000);
    await withEngine(argv, async (engine, out) => {
      const job = await trabajo.estadoTrabajo(engine, { idTrabajo }, { idempotent: true });
      const chunks = await trabajo.listarChunks(
        engine,
        { idTrabajo, situacion, desdeOrden, maximo },
        { idempotent: true },
      );
      out.document({ job: { ...jobJson(job), ...progressJson(job) }, chunks: chunks.map(chunkJson) });
      printJob(job, out);
      printChunks(chunks, job, out);
      const last = chunks.at(-1);
      if (chunks.length === maximo && last !== undefined) {
        const filter = situacion === null ? '' : ` --state ${situacion}`;
        out.note(`there may be more: carril jobs show ${idTrabajo}${filter} --from ${last.orden + 1}`);
      }
    });
  },
});

function progressJson(job: Job): Record<string, unknown> {
  return {
    parameters: job.parametros === null ? null : (JSON.parse(job.parametros) as unknown),
    weight: job.pesoTotal,
    weight_left: job.pesoRestante,
    weight_per_s: job.pesoPorS,
    eta_s: job.faltanS,
    last_completion: job.ultimoFin,
  };
}

function chunkJson(chunk: Chunk): Record<string, unknown> {
  return {
    chunk: chunk.idChunk,
    order: chunk.orden,
    from: chunk.rangoInicio,
    to: chunk.rangoFin,
    resource: chunk.recurso,
    weight: chunk.peso,
    state: chunk.situacion,
    holder: chunk.poseedor,
    token: chunk.token,
    attempt: chunk.intento,
    max_attempts: chunk.maxIntentos,
    expires: chunk.expira,
    not_before: chunk.noAntesDe,
    started: chunk.inicio,
    ended: chunk.fin,
    result: chunk.resultado === null ? null : (JSON.parse(chunk.resultado) as unknown),
    error: chunk.ultimoError,
  };
}

function printJob(job: Job, out: Output): void {
  out.print(`job ${job.idTrabajo} of kind ${job.tipo}: ${stateOf(job)}`);
  if (job.clave !== null) out.print(`  key      ${job.clave}`);
  out.print(`  created  ${job.fechaCreacion.toISOString()}, ${agoOf(job.fechaCreacion)} ago`);
  if (job.fechaFin !== null) {
    const took = tookOf(job.fechaCreacion, job.fechaFin);
    out.print(`  ended    ${job.fechaFin.toISOString()}, after ${took}`);
  }
  const parts = [
    [job.completados, 'completed'],
    [job.enProgreso, 'running'],
    [job.pendientes, 'waiting'],
    [job.fallidos, 'failed'],
    [job.cancelados, 'cancelled'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const split = job.omitidos === 0 ? '' : ` (and ${job.omitidos} split into others)`;
  out.print(`  chunks   ${job.total}${said.length === 0 ? '' : `: ${said.join(', ')}`}${split}`);
  if (job.tipo === 'LO_PROCESOS') out.print('  left     it never ends: it holds the rows of LO_PROCESOS');
  else if (job.fechaFin === null) out.print(`  left     ${leftOf(job)}`);
  out.print();
}

/** When the job will have ended, as far as its last completions tell. */
function leftOf(job: Job): string {
  const { faltanS, pesoPorS, ultimoFin } = job;
  // no chunks: whoever started it reads the file and ends it
  if (job.tipo === sequential)
    return 'whoever started it reads the file by itself, and tells when it has ended';
  if (job.pendientes + job.enProgreso === 0) return 'nothing: a worker will end the job';
  if (faltanS === null || pesoPorS === null || ultimoFin === null)
    return 'not known yet: no chunk has completed';
  const { pesoTotal: total, pesoRestante: rest } = job;
  const percent = total === 0 ? 0 : Math.floor((100 * (total - rest)) / total);
  return `about ${spanOf(faltanS)} (${percent} % done, the last chunk ${agoOf(ultimoFin)} ago)`;
}

function printChunks(chunks: readonly Chunk[], job: Job, out: Output): void {
  if (chunks.length === 0) {
    out.print(job.total + job.omitidos > 0 ? 'no such chunk' : noneOf(job));
    return;
  }
  out.table(
    ['chunk', 'order', 'resource', 'range', 'weight', 'state', 'try', 'holder', 'when', 'error'],
    chunks.map((chunk) => [
      chunk.idChunk,
      chunk.orden,
      chunk.recurso,
      rangeOf(chunk),
      chunk.peso,
      chunk.situacion,
      `${chunk.intento}/${chunk.maxIntentos}`,
      chunk.poseedor,
      whenOf(chunk),
      oneLine(chunk.ultimoError),
    ]),
    {
      // the rest is in --json; messages are longer than any column
      head: ['chunk', 'resource', 'state', 'try', 'when'],
      rows: chunks.map((chunk): readonly Cell[] => [
        chunk.idChunk,
        chunk.recurso ?? rangeOf(chunk),
        chunk.situacion,
        `${chunk.intento}/${chunk.maxIntentos}`,
        whenOf(chunk),
      ]),
      below: chunks
        .filter(({ ultimoError }) => ultimoError !== null)
        .map(({ idChunk, ultimoError }) => `chunk ${idChunk}: ${oneLine(ultimoError) ?? ''}`),
    },
  );
}

/** Why a job has no chunks. */
function noneOf({ tipo }: Job): string {
  if (tipo === sequential) return 'no chunks: a sequential review is not divided';
  return tipo === 'LO_PROCESOS' ? 'no rows in LO_PROCESOS' : 'no chunks';
}

function rangeOf({ rangoInicio, rangoFin }: Chunk): string | null {
  return rangoInicio === null || rangoFin === null ? null : `${rangoInicio}-${rangoFin}`;
}

/** What is worth knowing of the state: since when it runs, how long it took, when it is tried again. */
function whenOf(chunk: Chunk): string | null {
  const now = Date.now();
  const { situacion, inicio, fin, expira, noAntesDe } = chunk;
  if (situacion === 'EN_PROGRESO' && inicio !== null) return `for ${agoOf(inicio, now)}`;
  if (situacion === 'VENCIDO' && expira !== null) return `expired ${agoOf(expira, now)} ago`;
  if (situacion === 'EN_ESPERA' && noAntesDe !== null)
    return `in ${spanOf((noAntesDe.getTime() - now) / 1000)}`;
  if (situacion === 'COMPLETADO' && inicio !== null && fin !== null) return `took ${tookOf(inicio, fin)}`;
  return fin === null ? null : `${agoOf(fin, now)} ago`;
}
