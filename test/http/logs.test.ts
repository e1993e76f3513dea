/** A client as document 001 writes it, with a token: upload, status, stream, cancel. */
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { logBytes } from '../../benchmarks/log-generator.js';
import { logsHandler } from '../../runner/handlers/logs.js';
import { Worker } from '../../runner/worker.js';
import { trabajo } from '../../procedures/generated/index.js';
import { sweepUploads } from '../../runner/http/retention.js';
import { Uploads } from '../../runner/http/uploads.js';
import { blocksOfFile } from '../runner/logs-support.js';
import { readEvents, startServer } from './support.js';

const test = await startServer(t, { uploadLimit: 8 * 2 ** 20 });
const { engine } = test.db;

/** Works until no job is left. */
async function work(): Promise<void> {
  await new Worker({
    engine,
    handlers: [logsHandler],
    lanes: 2,
    leaseSeconds: 30,
    maxRunTimeMs: 60_000,
    idleExitMs: 0,
  }).run();
}

async function upload(
  content: string | Buffer,
  name: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const form = new FormData();
  form.append('file', new Blob([content]), name);
  return await test.fetch('/api/v2/process', { method: 'POST', body: form, headers });
}

interface Started {
  readonly job_id: string;
  readonly status: string;
  readonly total_chunks: number;
}

const log = logBytes({ seed: 3, bytes: 3 * 2 ** 20, style: 'mixed' });

t.test('upload, status, stream', async (t) => {
  const answer = await upload(log, 'app.log');
  t.equal(answer.status, 200);
  const started = (await answer.json()) as Started;
  t.match(started, {
    job_id: /^\d+$/,
    status: 'pending',
    message: 'Procesamiento iniciado',
    estimated_time: null,
  });
  t.ok(started.total_chunks >= 3, `${started.total_chunks} chunks`);
  const status = async (): Promise<unknown> => (await test.fetch(`/api/v2/status/${started.job_id}`)).json();
  t.match(await status(), {
    status: 'pending',
    progress: 0,
    chunks_processed: 0,
    total_chunks: started.total_chunks,
  });

  // the stream is open before anything is done
  const stream = await test.fetch(`/api/v2/results/${started.job_id}/stream`, { role: 'read' });
  t.match(stream.headers.get('content-type'), /^text\/event-stream/);
  const [events] = await Promise.all([readEvents(stream), work()]);
  t.equal(events.length, started.total_chunks, 'one event a chunk');
  t.same(
    events.map(({ data }) => data['chunk_number']),
    events.map((_event, i) => i),
    'in the order of the file',
  );
  t.match(events.at(-1)?.data, { progress: 1, is_complete: true });
  const [file = ''] = readdirSync(test.uploads);
  const blocks = await blocksOfFile(engine, `${test.uploads}/${file}`);
  const found = events.flatMap(({ data }) => data['anomalies'] as { log_entry: string }[]);
  t.equal(found.length, blocks.length, 'every block once');
  t.match(found[0], { is_anomaly: true, explanation: /./, chunk_id: /^\d+$/ });
  t.match(await status(), {
    status: 'completed',
    progress: 1,
    anomalies_found: blocks.length,
    error_message: null,
  });

  const [first, second] = events;
  const resumed = await readEvents(
    await test.fetch(`/api/v2/results/${started.job_id}/stream`, {
      headers: { 'last-event-id': second?.id ?? '' },
    }),
  );
  t.same(resumed, events.slice(2), 'goes on behind the second, without gaps or repeats');
  t.not(first?.id, second?.id);

  const report = (await (await test.fetch(`/api/v2/report/${started.job_id}`)).json()) as Record<
    string,
    unknown
  >;
  t.match(report, { job: started.job_id, blocks: blocks.length });
  t.equal(
    (await test.fetch(`/api/v2/cancel/${started.job_id}`, { method: 'POST' })).status,
    409,
    'it has ended',
  );
});

t.test('cancel', async (t) => {
  const started = (await (await upload(log, 'second.log')).json()) as Started;
  const stream = await test.fetch(`/api/v2/results/${started.job_id}/stream`);
  const cancelled = await test.fetch(`/api/v2/cancel/${started.job_id}`, { method: 'POST' });
  t.same(await cancelled.json(), { message: 'Procesamiento cancelado', job_id: started.job_id });
  const status = await test.fetch(`/api/v2/status/${started.job_id}`);
  t.match(await status.json(), { status: 'cancelled' });
  await work();
  t.same(await readEvents(stream), [], 'the stream ends, and nothing was found');
});

t.test('an upload under one key is one job', async (t) => {
  const before = readdirSync(test.uploads).length;
  const more = Buffer.concat([log, Buffer.from('one line more\n')]);
  const key = { 'idempotency-key': 'nightly-2024-06-28' };
  const first = (await (await upload(log, 'keyed.log', key)).json()) as Started;
  const second = (await (await upload(log, 'keyed.log', key)).json()) as Started;
  t.equal(second.job_id, first.job_id);
  for (const [content, name] of [
    [more, 'keyed.log'],
    [log, 'another-name.log'],
  ] as const) {
    const clash = await upload(content, name, key);
    t.equal(clash.status, 422, name);
    t.match(await clash.json(), { code: 'KEY_REUSED' });
  }
  const raced = await Promise.all(
    [log, more].map((content) => upload(content, 'raced.log', { 'idempotency-key': 'raced' })),
  );
  t.same(raced.map(({ status }) => status).sort(), [200, 422], 'two at once that are not the same');
  t.equal(readdirSync(test.uploads).length, before + 2);
  const winner = (await raced.find(({ status }) => status === 200)?.json()) as Started;
  await trabajo.cancelarTrabajo(engine, { idTrabajo: BigInt(winner.job_id) });
  await trabajo.cancelarTrabajo(engine, { idTrabajo: BigInt(first.job_id) });
});

t.test('uploads go when their review has ended long enough ago', async (t) => {
  const day = 86_400_000;
  const { job_id: alive } = (await (await upload(log, 'alive.log')).json()) as Started;
  // nobody's, and not ours
  writeFileSync(join(test.uploads, 'notes.txt'), 'x');
  writeFileSync(join(test.uploads, `${'0'.repeat(32)}-orphan.log`), 'x');
  for (const name of readdirSync(test.uploads)) utimesSync(join(test.uploads, name), 1, 1);
  const uploads = new Uploads(test.uploads, 1);
  const left = () => readdirSync(test.uploads).map((name) => name.replace(/^[0-9a-f-]{32,}-/, ''));
  await sweepUploads(engine, uploads, day);
  t.ok(left().includes('app.log'), 'its review ended a moment ago');
  t.notOk(left().includes('orphan.log'), 'nobody knows it');
  await sweepUploads(engine, uploads, -day);
  t.same(left().sort(), ['alive.log', 'notes.txt'], 'what is being reviewed stays, and what is none of ours');
  await trabajo.cancelarTrabajo(engine, { idTrabajo: BigInt(alive) });
});
