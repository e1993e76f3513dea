import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Engine } from '../../engine/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';
import type { Service } from './app.js';
import { lookAtReview } from './job-state.js';
import { HttpProblem } from './problem.js';
import { encodeEvent, lastEventId } from './sse.js';
import type { EventStream } from './sse.js';

type Chunk = trabajo.ListarChunksRow;

const chunksAPage = 500;
const blocksAPage = 1000;

/**
 * Streams a scan's error blocks: one event a chunk, in the order of the file, as document 001 shapes it. The event's ID is the
 * byte behind the chunk, so that who comes back needs no memory of ours. It ends behind the last chunk, or with the job.
 */
export async function streamResults(
  service: Service,
  job: bigint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const from = resumeAt(lastEventId(request));
  await lookAtReview(service.engine, job);
  const stream = service.streams.open(reply);
  const watched = service.jobs.watch(job);
  try {
    let known = '';
    // the list of chunks is read again when one of them has ended, not with every look
    const chunks = chunksInOrder(service.engine, job, from, async () => {
      for (;;) {
        const look = await watched.next(stream.closed);
        if (look?.job.fechaFin !== null) return false;
        const { total, completados, fallidos } = look.job;
        // a split chunk is another list, too
        const seen = `${total} ${completados} ${fallidos}`;
        if (seen === known) continue;
        known = seen;
        return true;
      }
    });
    for await (const { chunk, number, of } of chunks) {
      if (stream.closed.aborted) return;
      // whoever asks on account of an event is told nothing older
      service.jobs.forget(job);
      await sendChunk(service.engine, job, chunk, { number, of }, stream);
    }
  } catch (error) {
    request.log.warn({ err: error }, 'a stream was cut off');
  } finally {
    watched.release();
    service.jobs.forget(job);
    stream.end();
  }
}

function resumeAt(id: string | undefined): bigint {
  if (id === undefined) return 0n;
  if (!/^\d{1,18}$/.test(id))
    throw new HttpProblem(400, 'BAD_REQUEST', 'Last-Event-ID: it is none of this stream’s');
  return BigInt(id);
}

/**
 * The chunks that have ended, in the order of their ranges, each as soon as those before it have ended, too. A chunk that was split
 * is passed over for its halves.
 * @param more waits for news; false when nothing will change any more
 */
async function* chunksInOrder(
  engine: Engine,
  job: bigint,
  from: bigint,
  more: () => Promise<boolean>,
): AsyncGenerator<{ readonly chunk: Chunk; readonly number: number; readonly of: number }> {
  let position = from;
  let alive = true;
  for (;;) {
    const ranges = await allRanges(engine, job);
    const of = ranges.length;
    let number = ranges.findIndex(({ rangoFin }) => (rangoFin ?? 0n) > position);
    if (number < 0) return;
    for (; number < of; number++) {
      const chunk = ranges[number];
      if (chunk === undefined || !hasEnded(chunk)) break;
      yield { chunk, number, of };
      position = chunk.rangoFin ?? position;
    }
    if (number >= of || !alive) return;
    // one more look behind the job's end: its last chunks may have ended since this one
    alive = await more();
  }
}

function hasEnded({ estado }: Chunk): boolean {
  return estado === 'COMPLETADO' || estado === 'ERROR';
}

/** Chunks that were not split, by where they begin. */
async function allRanges(engine: Engine, idTrabajo: bigint): Promise<Chunk[]> {
  const ranges: Chunk[] = [];
  for (let desdeOrden = 0; ;) {
    const page = await trabajo.listarChunks(
      engine,
      { idTrabajo, desdeOrden, maximo: chunksAPage },
      { idempotent: true },
    );
    ranges.push(...page.filter(({ estado, rangoFin }) => estado !== 'OMITIDO' && rangoFin !== null));
    if (page.length < chunksAPage) break;
    desdeOrden = (page.at(-1)?.orden ?? 0) + 1;
  }
  return ranges.sort((a, b) => Number((a.rangoInicio ?? 0n) - (b.rangoInicio ?? 0n)));
}

async function sendChunk(
  engine: Engine,
  job: bigint,
  chunk: Chunk,
  { number, of }: { readonly number: number; readonly of: number },
  stream: EventStream,
): Promise<void> {
  const anomalies = [];
  const end = chunk.rangoFin ?? 0n;
  for (let desde = chunk.rangoInicio ?? 0n; ;) {
    const page = await logs.listarBloques(
      engine,
      { idTrabajo: job, desde, hasta: end, maximo: blocksAPage },
      { idempotent: true },
    );
    for (const block of page) {
      anomalies.push({
        log_entry: block.texto,
        // found by rule, not by a model: certain
        anomaly_score: -1,
        is_anomaly: true,
        explanation: `${block.nivel}: ${block.firma}`,
        chunk_id: String(chunk.idChunk),
      });
    }
    if (page.length < blocksAPage) break;
    desde = (page.at(-1)?.byteInicio ?? end) + 1n;
  }
  stream.send(
    encodeEvent({
      id: String(end),
      data: {
        chunk_number: number,
        anomalies,
        progress: (number + 1) / of,
        is_complete: number + 1 === of,
        ...(chunk.estado === 'ERROR' ? { error: chunk.ultimoError } : {}),
      },
    }),
  );
  await stream.drained();
}
