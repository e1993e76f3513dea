/** What is wrong gets the right status and a problem+json; nothing is stored, and nothing of our insides is shown. */
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';

import t from 'tap';

import { recordingsIn } from '../../runner/cli/recordings.js';
import { newToken } from '../../runner/http/credentials.js';
import type { Role } from '../../runner/http/roles.js';
import { startServer } from './support.js';

const limit = 64 * 1024;
const test = await startServer(t, { uploadLimit: limit, recordings: recordingsIn(t.testdir()) });
const { engine } = test.db;

type Body = NonNullable<RequestInit['body']>;

interface Case {
  readonly name: string;
  readonly path: string;
  readonly status: number;
  readonly method?: string;
  readonly role?: Role;
  readonly headers?: Record<string, string>;
  readonly body?: Body;
}

const run = '/api/procesos/v3/ejecutar';
const json = { 'content-type': 'application/json' };

function form(
  name: string,
  content: string | Uint8Array = '2024-01-01 10:00:00 ERROR x\n',
  field = 'file',
): FormData {
  const data = new FormData();
  data.append(field, new Blob([content]), name);
  return data;
}

function post(name: string, body: unknown, status = 400): Case {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { name: `body: ${name}`, path: run, method: 'POST', headers: json, body: text, status };
}

function upload(name: string, body: Body, status: number, headers: Record<string, string> = {}): Case {
  return { name: `upload: ${name}`, path: '/api/v2/process', method: 'POST', body, status, headers };
}

const nobody = { authorization: '' };
const wrongTokens = [
  ['none', ''],
  ['another scheme', 'Basic Y2FycmlsOmNhcnJpbA=='],
  ['an unknown one', `Bearer ${newToken()}`],
  ['an empty one', 'Bearer '],
  ['one with SQL in it', "Bearer ' OR 1=1 --"],
  ['a very long one', `Bearer ${'x'.repeat(8000)}`],
] as const;
const ids = [
  'abc',
  '-1',
  '1.5',
  '0x10',
  '9'.repeat(20),
  '9'.repeat(19),
  "1' OR '1'='1",
  '%00',
  '1%20',
  '..%2f..%2fetc%2fpasswd',
  'null',
];
const readers = [
  '/api/procesos/v3/proceso/ID',
  '/api/procesos/v3/proceso/ID/eventos',
  '/api/procesos/v2/proceso/ID',
  '/api/v2/status/ID',
  '/api/v2/results/ID/stream',
  '/api/v2/report/ID',
] as const;
const traces = ['traza', 'cuellos', 'solapes'].map((what) => `/api/procesos/v3/proceso/ID/${what}`);
const closing = '/api/nomina/v1/cierres/ID';
const closings = ['', '/eventos', '/discrepancias'].map((what) => `${closing}${what}`);
const closingActions = ['consolidar', 'cancelar', 'revertir'].map((what) => `${closing}/${what}`);

const cases: Case[] = [
  ...wrongTokens.flatMap(([name, authorization]) => [
    { name: `token: ${name}, reading`, path: '/api/procesos/v3', headers: { authorization }, status: 401 },
    {
      name: `token: ${name}, starting`,
      path: run,
      method: 'POST',
      headers: { ...json, authorization },
      body: '{"fechaReporte":"2021-05-07"}',
      status: 401,
    },
  ]),
  { name: 'token: none, metrics', path: '/metrics', headers: nobody, status: 401 },
  {
    name: 'token: none, upload',
    path: '/api/v2/process',
    method: 'POST',
    headers: nobody,
    body: form('a.log'),
    status: 401,
  },
  { name: 'token: none, a stream', path: '/api/v2/results/1/stream', headers: nobody, status: 401 },
  ...[run, '/api/procesos/v2/ejecutar'].map((path) => ({
    name: `role: read may not POST ${path}`,
    path,
    method: 'POST',
    role: 'read' as const,
    headers: json,
    body: '{"fechaReporte":"2021-05-07"}',
    status: 403,
  })),
  ...[
    '/api/procesos/v3/proceso/1/cancelar',
    '/api/procesos/v3/proceso/1/reintentar',
    '/api/v2/cancel/1',
    ...closingActions.map((path) => path.replace('ID', '1')),
  ].map((path) => ({
    name: `role: read may not POST ${path}`,
    path,
    method: 'POST',
    role: 'read' as const,
    status: 403,
  })),
  {
    name: 'role: read may not upload',
    path: '/api/v2/process',
    method: 'POST',
    role: 'read',
    body: form('a.log'),
    status: 403,
  },
  post('not JSON', '{"fechaReporte":'),
  post('empty', ''),
  post('a list', []),
  post('a text', '"2021-05-07"'),
  post('null', 'null'),
  post('no date', {}),
  post('a date in another order', { fechaReporte: '07-05-2021' }),
  post('a day that is none', { fechaReporte: '2021-02-30' }),
  post('a date with a time', { fechaReporte: '2021-05-07T00:00:00Z' }),
  post('a number for a date', { fechaReporte: 20210507 }),
  post('SQL for a date', { fechaReporte: "2021-05-07'; DROP TABLE logs.Procesos; --" }),
  post('funds that are no list', { fechaReporte: '2021-05-07', fondos: 'ARKK' }),
  post('funds that are numbers', { fechaReporte: '2021-05-07', fondos: [1, 2] }),
  post('an empty fund', { fechaReporte: '2021-05-07', fondos: [''] }),
  post('a fund with a long name', { fechaReporte: '2021-05-07', fondos: ['x'.repeat(101)] }),
  post('too many funds', {
    fechaReporte: '2021-05-07',
    fondos: Array.from({ length: 1001 }, (_none, i) => `F${i}`),
  }),
  post('a field that is not known', { fechaReporte: '2021-05-07', usuario: 'root' }),
  post('prototype pollution', '{"fechaReporte":"2021-05-07","__proto__":{"role":"admin"}}'),
  post('an unknown fund', { fechaReporte: '2021-05-07', fondos: ['NO SUCH FUND'] }, 404),
  post('too large', `{"fechaReporte":"2021-05-07","x":"${'x'.repeat(70_000)}"}`, 413),
  {
    name: 'body: another type',
    path: run,
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: 'x',
    status: 415,
  },
  {
    name: 'body: XML',
    path: run,
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: '<a/>',
    status: 415,
  },
  {
    name: 'an idempotency key that is too long',
    path: run,
    method: 'POST',
    headers: { ...json, 'idempotency-key': 'k'.repeat(101) },
    body: '{"fechaReporte":"2021-05-07"}',
    status: 400,
  },
  ...ids.flatMap((id) =>
    readers
      .slice(0, 3)
      .map((path) => ({ name: `ID ${id} of ${path}`, path: path.replace('ID', id), status: 400 })),
  ),
  ...readers.map((path) => ({
    name: `no such ID: ${path}`,
    path: path.replace('ID', '999999'),
    status: 404,
  })),
  ...[...closings, ...traces].flatMap((path) => [
    { name: `no token: ${path}`, path: path.replace('ID', '1'), headers: nobody, status: 401 },
    { name: `no such ID: ${path}`, path: path.replace('ID', '999999'), status: 404 },
    { name: `an ID that is none: ${path}`, path: path.replace('ID', "1' OR '1'='1"), status: 400 },
  ]),
  ...closingActions.flatMap((path) => [
    {
      name: `no token: ${path}`,
      path: path.replace('ID', '1'),
      method: 'POST',
      headers: nobody,
      status: 401,
    },
    { name: `no such ID: ${path}`, path: path.replace('ID', '999999'), method: 'POST', status: 404 },
    { name: `an ID that is none: ${path}`, path: path.replace('ID', '-1'), method: 'POST', status: 400 },
  ]),
  ...(
    [
      ['a list', '[]'],
      ['not JSON', '{"limiteSegundos":'],
      ['a limit of 0', '{"limiteSegundos":0}'],
      ['a limit that is a text', '{"limiteSegundos":"10m"}'],
      ['a limit of a year', '{"limiteSegundos":31536000}'],
      ['a field that is not known', '{"limiteSegundos":10,"lanes":99}'],
    ] as const
  ).map(([name, body]) => ({
    name: `consolidation: ${name}`,
    path: closing.replace('ID', '1/consolidar'),
    method: 'POST',
    headers: json,
    body,
    status: 400,
  })),
  { name: 'closings: a limit that is too large', path: '/api/nomina/v1/cierres?limite=1001', status: 400 },
  {
    name: 'discrepancies: a page that is too large',
    path: `${closing.replace('ID', '1')}/discrepancias?limite=2001`,
    status: 400,
  },
  {
    name: 'discrepancies: a beginning that is none',
    path: `${closing.replace('ID', '1')}/discrepancias?desde=x`,
    status: 400,
  },
  { name: 'overlaps: a limit of 0', path: '/api/procesos/v3/proceso/1/solapes?limite=0', status: 400 },
  { name: 'recordings: no token', path: '/api/recordings', headers: nobody, status: 401 },
  { name: 'recordings: none to compare', path: '/api/recordings/compare', status: 400 },
  ...['../../etc/passwd', '/etc/passwd', '..%5c..', 'a%00', 'a/b.json'].map((label) => ({
    name: `recordings: ${label}`,
    path: `/api/recordings/compare?a=${label}`,
    status: 400,
  })),
  ...['package.json', '..', 'nothing'].map((label) => ({
    name: `recordings: ${label}, which is none`,
    path: `/api/recordings/compare?a=${label}`,
    status: 404,
  })),
  { name: 'no such ID: cancel', path: '/api/v2/cancel/999999', method: 'POST', status: 404 },
  {
    name: 'no such ID: cancel a process',
    path: '/api/procesos/v3/proceso/999999/cancelar',
    method: 'POST',
    status: 404,
  },
  { name: 'query: a limit that is none', path: '/api/procesos/v3?limite=many', status: 400 },
  { name: 'query: a limit of 0', path: '/api/procesos/v3?limite=0', status: 400 },
  { name: 'query: a limit that is too large', path: '/api/procesos/v3?limite=100000', status: 400 },
  { name: 'query: a date that is none', path: '/api/procesos/v3?fecha=today', status: 400 },
  { name: 'query: what is not known', path: '/api/procesos/v3?orden=desc', status: 400 },
  { name: 'a path that is none', path: '/api/v9/everything', status: 404 },
  { name: 'a path that climbs', path: '/..%2f..%2fetc%2fpasswd', status: 404 },
  { name: 'a method that is none', path: run, method: 'DELETE', status: 404 },
  ...[
    '../../etc/passwd',
    '..\\windows\\win.ini',
    '/etc/passwd',
    'a/b.log',
    '..',
    'x'.repeat(200),
    'a\u0000.log',
    '\u202egol.exe',
  ].map((name) => upload(`a file called ${JSON.stringify(name).slice(0, 30)}`, form(name), 400)),
  upload('too large', form('large.log', new Uint8Array(limit + 1)), 413),
  upload('empty', form('empty.log', ''), 400),
  upload('no file', new FormData(), 400),
  upload(
    'a field instead of a file',
    (() => {
      const data = new FormData();
      data.append('file', 'text');
      return data;
    })(),
    413,
  ),
  upload(
    'two files',
    (() => {
      const data = form('one.log');
      data.append('file', new Blob(['x']), 'two.log');
      return data;
    })(),
    413,
  ),
  upload('no multipart', 'plain', 415, { 'content-type': 'text/plain' }),
  upload('multipart without a boundary', 'x', 400, { 'content-type': 'multipart/form-data' }),
  upload('multipart with another boundary', '--other\r\n\r\n', 400, {
    'content-type': 'multipart/form-data; boundary=one',
  }),
  upload(
    'multipart that ends too early',
    '--one\r\nContent-Disposition: form-data; name="file"; filename="a.log"\r\n\r\n2024-01-01 ERROR',
    400,
    { 'content-type': 'multipart/form-data; boundary=one' },
  ),
  upload('JSON for a log', '{}', 415, json),
];

async function stored(): Promise<unknown> {
  const [row] = await engine.query(
    'SELECT (SELECT COUNT(*) FROM trabajo.Trabajos) AS jobs, (SELECT COUNT(*) FROM logs.Procesos) AS processes, (SELECT COUNT(*) FROM logs.Archivos) AS files',
  );
  return { ...row, uploads: readdirSync(test.uploads) };
}

t.test(`${cases.length} malformed requests`, async (t) => {
  const before = await stored();
  for (const { name, path, status, method = 'GET', ...init } of cases) {
    const answer = await test.fetch(path, { method, ...init });
    const text = await answer.text();
    const { status: said, title, code, detail } = JSON.parse(text) as Record<string, unknown>;
    const kind = answer.headers.get('content-type') ?? '';
    const right =
      answer.status === status &&
      said === status &&
      kind.startsWith('application/problem+json') &&
      [title, code, detail].every((field) => typeof field === 'string' && field !== '') &&
      answer.headers.has('x-request-id');
    t.ok(right, name, { found: [answer.status, kind, text.slice(0, 300)], wanted: status });
    t.notMatch(
      text,
      /node_modules|\.js:\d|\bat \w+ \(|SELECT|postgres|carril-http-/i,
      `${name}: shows nothing`,
    );
  }
  t.same(await stored(), before, 'nothing was stored');
});

t.test('a connection that breaks in mid-upload leaves nothing', async (t) => {
  const before = await stored();
  const { port } = new URL(test.url);
  const socket = connect(Number(port), '127.0.0.1');
  const arrived = new Promise<void>((resolve) => {
    socket.write(
      `POST /api/v2/process HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${test.tokens.run}\r\n` +
        'Content-Type: multipart/form-data; boundary=one\r\nContent-Length: 50000\r\n\r\n' +
        '--one\r\nContent-Disposition: form-data; name="file"; filename="cut.log"\r\n\r\n2024-01-01 10:00:00 ERROR x\n',
      () => {
        resolve();
      },
    );
  });
  await arrived;
  // until its beginning is on disk
  while (!readdirSync(test.uploads).some((name) => name.endsWith('.part'))) await new Promise(setImmediate);
  socket.destroy();
  while (readdirSync(test.uploads).some((name) => name.endsWith('.part'))) await new Promise(setImmediate);
  t.same(await stored(), before);
});

t.test('tokens are hashed at rest and in no log', async (t) => {
  const rows = await engine.query('SELECT * FROM trabajo.Credenciales');
  const text = JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  for (const token of Object.values(test.tokens)) {
    t.notMatch(text, token);
    t.notMatch(test.log(), token);
  }
  t.notMatch(test.log(), /authorization/i);
  t.match(test.log(), /"reqId":"[0-9a-f-]{36}"/);
});

t.test('guessing tokens is slow, and keeps nobody out who has one', async (t) => {
  // a token that was looked up a moment ago; as many streams of one token as there may be are one look-up
  const statuses = async (count: number, headers: () => Record<string, string>) =>
    await Promise.all(
      Array.from({ length: count }, async () => {
        const answer = await test.fetch('/api/procesos/v3', { headers: headers() });
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
  t.same(new Set(await statuses(150, () => ({}))), new Set([200]));
  const guessed = await statuses(300, () => ({ authorization: `Bearer ${newToken()}` }));
  t.ok(guessed.includes(429), 'of three hundred guesses not all are looked up');
  t.same(new Set(await statuses(10, () => ({}))), new Set([200]));
});
