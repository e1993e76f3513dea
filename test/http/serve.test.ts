/** `carril serve` as a process: killed, drained, refused. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import { createCredential } from '../../runner/http/credentials.js';
import { loadSamples } from '../../runner/demo.js';
import { freshDatabase, runCarril, spawnCarril, waitUntil } from '../testing/index.js';
import type { CarrilProcess } from '../testing/index.js';
import { waitUntilBlocked } from '../testing/wait.js';
import { generated } from '../payroll/support.js';
import { holdFinals, holdTable } from '../runner/support.js';
import { readEvents } from './support.js';

const db = await freshDatabase(t);
const { engine, env } = db;
const uploads = mkdtempSync(join(tmpdir(), 'carril-serve-'));
t.teardown(() => {
  rmSync(uploads, { recursive: true, force: true });
});
await loadSamples(engine);

async function serve(...more: string[]): Promise<{ readonly child: CarrilProcess; readonly url: string }> {
  const lanes = more.includes('--lanes') ? [] : ['--lanes', '2'];
  const child = spawnCarril(['serve', '--port', '0', '--uploads', uploads, ...lanes, ...more], { env });
  let url: string | undefined;
  await waitUntil('the server to listen', () => {
    url = /listening on (http\S+)/.exec(child.stdout())?.[1];
    return Promise.resolve(url !== undefined);
  });
  return { child, url: url ?? '' };
}

t.test('without a token it answers health, and stays on this machine', async (t) => {
  const outside = await runCarril(['serve', '--host', '0.0.0.0', '--port', '0'], { env });
  t.match(outside, {
    code: 2,
    stderr: /--host 0\.0\.0\.0: others could reach it, and there is no token yet/,
  });
  const { child, url } = await serve();
  t.match(child.stderr(), /there is no token yet, so only health is answered/);
  t.equal((await fetch(`${url}/healthz`)).status, 200);
  t.equal((await fetch(`${url}/readyz`)).status, 200);
  t.equal((await fetch(`${url}/api/procesos/v3`)).status, 401);
  child.kill('SIGTERM');
  t.match(await child.done, { code: 0, stderr: /draining/ });

  const created = await runCarril(['token', 'create', 'tests', '--role', 'run'], { env });
  t.match(created.stdout, /^carril_[\w-]{43}\n$/, 'standard output has the token and nothing else');
  authorization = `Bearer ${created.stdout.trim()}`;
});

let authorization = '';

async function consolidate(url: string, closing: bigint): Promise<string> {
  const answer = await fetch(`${url}/api/nomina/v1/cierres/${closing}/consolidar`, {
    method: 'POST',
    headers: { authorization, 'idempotency-key': 'july' },
  });
  return ((await answer.json()) as { ID_Trabajo: string }).ID_Trabajo;
}

async function start(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/procesos/v3/ejecutar`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: '{"fechaReporte":"2021-05-07"}',
  });
  return ((await answer.json()) as { ID_Proceso: string }).ID_Proceso;
}

t.test('SIGTERM drains: streams end with a hint, what runs finishes, leases go back', async (t) => {
  const { child, url } = await serve('--workers', '1');
  const barrier = await holdFinals(engine);
  const id = await start(url);
  const stream = await fetch(`${url}/api/procesos/v3/proceso/${id}/eventos`, { headers: { authorization } });
  const events = readEvents(stream);
  await waitUntilBlocked(engine, 2);
  child.kill('SIGTERM');
  const seen = await events;
  t.not(seen.at(-1)?.event, 'fin', 'the stream ends before the process does');
  await barrier.release();
  t.match(await child.done, { code: 0 });
  const [held] = await engine.query('SELECT COUNT(*) AS n FROM trabajo.Chunks WHERE Poseedor IS NOT NULL');
  t.equal(Number(held?.['n']), 0, 'no lease is left');
  const finished = await runCarril(['run', '--resume', id], { env });
  t.equal(finished.code, 0, finished.stderr);
});

t.test(
  'SIGKILL in mid-upload, mid-run and mid-payroll: no half job, no orphan, streams resume',
  async (t) => {
    const closing = await generated(engine);
    const { child, url } = await serve('--workers', '1', '--lanes', '4', '--lease', '1s');
    const payroll = await holdTable(engine, 'nomina.ConceptoEmpleadoConsolidado');
    const job = await consolidate(url, closing);
    const money = await fetch(`${url}/api/nomina/v1/cierres/${closing}/eventos`, {
      headers: { authorization },
    });
    const firstMoney = readEvents(money).catch(() => []);
    await waitUntilBlocked(engine, 3);
    const barrier = await holdFinals(engine);
    const id = await start(url);
    const stream = await fetch(`${url}/api/procesos/v3/proceso/${id}/eventos`, {
      headers: { authorization },
    });
    const first = readEvents(stream).catch(() => []);
    // three lanes in the payroll, one in a fund
    await waitUntilBlocked(engine, 4);
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST /api/v2/process HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n` +
        'Content-Type: multipart/form-data; boundary=one\r\nContent-Length: 50000\r\n\r\n' +
        '--one\r\nContent-Disposition: form-data; name="file"; filename="cut.log"\r\n\r\n2024-01-01 10:00:00 ERROR x\n',
    );
    await waitUntil('the upload to begin', () =>
      Promise.resolve(readdirSync(uploads).some((name) => name.endsWith('.part'))),
    );
    child.kill('SIGKILL');
    await child.done;
    await barrier.release();
    await payroll.release();
    await first;
    t.not((await firstMoney).at(-1)?.event, 'fin');
    const [jobs] = await engine.query("SELECT COUNT(*) AS n FROM trabajo.Trabajos WHERE Tipo LIKE 'LOGS%'");
    t.equal(Number(jobs?.['n']), 0, 'no job of half a log');

    const next = await serve('--workers', '1', '--lease', '1s');
    t.same(readdirSync(uploads), [], 'what the killed one was writing is gone');
    const events = await readEvents(
      await fetch(`${next.url}/api/procesos/v3/proceso/${id}/eventos`, {
        headers: { authorization, 'last-event-id': 'deadbeef-3' },
      }),
    );
    t.match(
      events.at(-1),
      { event: 'fin', data: { ID_Proceso: id, Estado: 'COMPLETADO' } },
      'and the run is finished',
    );
    const paid = await readEvents(
      await fetch(`${next.url}/api/nomina/v1/cierres/${closing}/eventos`, { headers: { authorization } }),
    );
    t.match(
      paid.at(-1),
      { event: 'fin', data: { Estado: 'datos_consolidados' } },
      'and so is the consolidation, by who came next',
    );
    t.equal(await consolidate(next.url, closing), job, 'whose key the next server knows, too');
    const metrics = await (await fetch(`${next.url}/metrics`, { headers: { authorization } })).text();
    t.match(metrics, /^carril_database_deadlocks_total\{server="postgres"\} 0$/m);
    next.child.kill('SIGTERM');
    t.match(await next.child.done, { code: 0 });
  },
);

t.test('tokens: listed, revoked', async (t) => {
  const { id } = await createCredential(engine, 'second', 'read', null);
  const revoked = await runCarril(['token', 'revoke', String(id)], { env });
  t.match(revoked, { code: 0, stdout: new RegExp(`credential ${id} of second is revoked`) });
  const { tokens } = JSON.parse((await runCarril(['token', 'list', '--json'], { env })).stdout) as {
    tokens: { id: string; name: string; role: string; revoked: string | null }[];
  };
  t.match(tokens, [
    { id: String(id), name: 'second', role: 'read', revoked: /T/ },
    { name: 'tests', revoked: null },
  ]);
  t.equal((await runCarril(['token', 'revoke', '999'], { env })).code, 1);
  t.equal((await runCarril(['token', 'create', 'x'], { env })).code, 2, 'a role is wanted');
});
