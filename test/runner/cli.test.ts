import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import t from 'tap';

import { CommandError } from '../../runner/cli/errors.js';
import { parseCount, parseDate, parseDuration, parseId, parseLease } from '../../runner/cli/durations.js';
import { toJson } from '../../runner/cli/output.js';
import { commands } from '../../runner/cli/parser.js';
import { agoOf, spanOf, tookOf } from '../../runner/cli/spans.js';
import { weekdaysUntil } from '../../runner/dates.js';
import { layOut, oneLine } from '../../runner/cli/table.js';
import { JobTally } from '../../runner/cli/work-progress.js';
import { chunkName } from '../../runner/cli/commands/work.js';
import { Pacer } from '../../runner/lanes/pacer.js';
import { attemptMayGoBetter, isMemoryFailure, passesByItself } from '../../runner/lanes/retryable.js';
import { ProcedureError } from '../../engine/index.js';
import { acquireEmbedded } from '../../engine/embedded/index.js';
import { freshDatabase, runCarril } from '../testing/index.js';
import { testHome } from '../testing/server.js';

t.test('durations, dates, IDs and counts', (t) => {
  const durations = ['500ms', '30s', '5m', '1.5h', '2', '0s', '30d'].map((text) =>
    parseDuration(text, '--x'),
  );
  t.same(durations, [500, 30_000, 300_000, 5_400_000, 2000, 0, 2_592_000_000]);
  for (const text of ['', 'soon', '5 minutes', '-1s', '1w']) {
    t.throws(() => parseDuration(text, '--x'), { name: 'UsageError', message: /--x/ }, text);
  }
  t.equal(parseLease('2m'), 120);
  for (const text of ['0s', '500ms', '1.5s', '25h']) t.throws(() => parseLease(text), /--lease/, text);
  t.equal(parseDate('2024-02-29', '--date'), '2024-02-29');
  for (const text of ['2023-02-29', '2021-5-7', '20210507', '2021-13-01']) {
    t.throws(() => parseDate(text, '--date'), { name: 'UsageError' }, text);
  }
  t.equal(parseId('9007199254740993', 'ID'), 9007199254740993n);
  t.throws(() => parseId('12x', 'ID'));
  t.equal(parseCount('9', '--lanes', 1, 9), 9);
  for (const text of ['1.5', '10', 'x', '', ' ']) {
    t.throws(() => parseCount(text, '--lanes', 1, 9), { name: 'UsageError', message: /--lanes: '/ }, text);
  }
  t.throws(() => parseCount('x', '--lanes', 1, 9), /--lanes: 'x' must be/, 'it quotes what was typed');
  t.throws(() => parseId('y'.repeat(1000), 'ID'), { message: /^.{60,120}$/ }, 'an overlong value is cut');
  t.same(weekdaysUntil('2021-05-09', 3), ['2021-05-05', '2021-05-06', '2021-05-07']);
  t.end();
});

t.test('spans of time, as people say them', (t) => {
  const said = [0, 0.4, 45, 60, 90, 754, 3600, 12_000, 36_900, 90_000, 90_060, 2_592_000].map(spanOf);
  t.same(said, [
    ...['0 s', '0 s', '45 s', '1 min', '1 min 30 s', '13 min'],
    ...['1 h', '3 h 20 min', '10 h', '1 d 1 h', '1 d 1 h', '30 d'],
  ]);
  t.equal(spanOf(-5), '0 s', 'a server whose clock is ahead');
  t.equal(agoOf(new Date(1000), 91_000), '1 min 30 s');
  t.same(
    [320, 9990, 75_000].map((ms) => tookOf(new Date(0), new Date(ms))),
    ['0.3 s', '10.0 s', '1 min 15 s'],
  );
  t.end();
});

t.test('JSON: bigint and instants as strings', (t) => {
  t.same(JSON.parse(toJson({ id: 12345678901234567890n, at: new Date(0), n: 1 })), {
    id: '12345678901234567890',
    at: '1970-01-01T00:00:00.000Z',
    n: 1,
  });
  t.end();
});

t.test('a table takes the layout that the terminal has room for', (t) => {
  const full = { head: ['fund', 'value'], rows: [['ARKK', '1.00']] };
  const narrow = { head: ['f'], rows: [['ARKK']], below: ['more'] };
  t.equal(layOut(full, narrow, undefined), 'fund  value\nARKK   1.00', 'no terminal: never narrow');
  t.match(layOut(full, narrow, 80), /│/);
  t.match(layOut(full, narrow, 16), /│/, 'colours take no room');
  t.equal(layOut(full, narrow, 15), 'fund  value\nARKK   1.00');
  t.equal(layOut(full, narrow, 10), 'f\nARKK\nmore');
  t.equal(layOut(full, undefined, 10), 'fund  value\nARKK   1.00');
  t.end();
});

t.test("a message in a table's cell is one line", (t) => {
  t.equal(oneLine('  all of it \n'), 'all of it');
  t.equal(oneLine('the first\r\n  at line 2'), 'the first…');
  t.equal(oneLine('x'.repeat(300)), `${'x'.repeat(200)}…`);
  t.equal(oneLine(null), null);
  t.end();
});

t.test('the tally of jobs: counted at once, put right by the database, one job after another', (t) => {
  const tally = new JobTally();
  t.equal(tally.next(), undefined);
  for (const job of [1n, 2n, 1n]) tally.met(job);
  t.equal(tally.next(), 1n);
  t.equal(tally.eta(0), undefined);
  tally.seen(1n, { total: 6, pendientes: 3, enProgreso: 1, fechaFin: null, faltanS: 90 }, 0);
  t.equal(tally.eta(0), undefined, 'not known of both');
  t.same(tally.sum(), { done: 2, total: 7 });
  t.equal(tally.next(), 2n, 'the one that was not asked for yet');
  tally.ended(2n);
  tally.ended(2n);
  t.same(tally.sum(), { done: 4, total: 8 });
  tally.split(2n);
  t.same(tally.sum(), { done: 4, total: 9 }, 'two chunks where one was');
  tally.seen(2n, { total: 3, pendientes: 1, enProgreso: 0, fechaFin: null, faltanS: 30 }, 0);
  t.equal(tally.eta(10_000), 80, 'the later one, and time has gone by');
  t.equal(tally.eta(100_000), 0);
  tally.seen(2n, { total: 2, pendientes: 0, enProgreso: 0, fechaFin: new Date(0), faltanS: null });
  t.equal(tally.next(), 1n);
  tally.seen(1n, { total: 6, pendientes: 0, enProgreso: 0, fechaFin: new Date(0), faltanS: null });
  t.equal(tally.next(), undefined, 'no job is left to ask for');
  t.same(tally.sum(), { done: 8, total: 8 });
  t.end();
});

t.test('the pacer grows to its limit, and is woken', async (t) => {
  const pacer = new Pacer(10, 20, () => 0);
  const begun = performance.now();
  for (let i = 0; i < 4; i += 1) t.notOk(await pacer.pause());
  t.ok(performance.now() - begun >= 10 + 15 + 20 + 20 - 4);
  const slow = new Pacer(60_000, 60_000);
  setTimeout(() => {
    slow.wake();
  }, 5);
  t.ok(await slow.pause());
  slow.wake();
  t.equal(await slow.pause(), true, 'a wake that no pause was there for ends the next one');
});

t.test('which failures are worth another attempt', (t) => {
  const of = (details: ConstructorParameters<typeof ProcedureError>[1]) =>
    attemptMayGoBetter(new ProcedureError('x', details));
  t.ok(attemptMayGoBetter(new Error('x')));
  t.ok(of({ code: 'DEADLOCK', number: 1205 }));
  t.ok(of({ code: 'CONNECTION' }));
  t.ok(of({ code: 'DATABASE', sqlState: '23505' }));
  t.notOk(of({ code: 'DATABASE', sqlState: '22003' }));
  t.notOk(of({ code: 'DATABASE', number: 8115 }));
  t.notOk(of({ code: 'WRONG_STATE', number: 50409 }));
  t.end();
});

t.test('which failures are of memory, and which pass by themselves', (t) => {
  const thrown = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };
  // what V8 and Node really say
  const memory = [
    thrown(() => 'x'.repeat(2 ** 30)),
    thrown(() => new Array<string>(-1)),
    thrown(() => new ArrayBuffer(2 ** 53 - 1)),
    thrown(() => Buffer.allocUnsafe(2 ** 29).toString('latin1')),
    new ProcedureError('x', { code: 'OUT_OF_MEMORY', number: 701 }),
    new Error('scan', { cause: new ProcedureError('x', { code: 'OUT_OF_MEMORY' }) }),
    Object.assign(new Error('x'), { code: 'ERR_STRING_TOO_LONG' }),
  ];
  for (const error of memory) t.ok(isMemoryFailure(error), String(error));
  const others = [
    new RangeError('x'),
    new Error('Invalid string length'),
    new ProcedureError('x', { code: 'DATABASE' }),
    'out of memory',
  ];
  for (const error of others) t.notOk(isMemoryFailure(error), String(error));
  const loop = new Error('x');
  loop.cause = loop;
  t.notOk(isMemoryFailure(loop));

  t.ok(passesByItself(new ProcedureError('x', { code: 'DEADLOCK', retryable: true })));
  t.ok(passesByItself(new ProcedureError('x', { code: 'CONNECTION' })));
  t.notOk(passesByItself(new ProcedureError('x', { code: 'DATABASE' })));
  t.notOk(passesByItself(new Error('x')));
  t.end();
});

t.test("the parser's list says what the commands' own files say", async (t) => {
  for (const listed of commands) {
    const { command } = await listed.load();
    t.equal(command.command, listed.command);
    t.equal(command.describe, listed.describe, listed.command);
  }
});

t.test('--help is fast and lists every command; --version; nothing at all is wrong use', async (t) => {
  const begun = performance.now();
  const help = await runCarril(['--help']);
  t.ok(performance.now() - begun < 3000);
  t.equal(help.code, 0);
  for (const { command } of commands)
    t.match(help.stdout, new RegExp(`carril ${command.split(' ')[0] ?? ''}`));
  t.match((await runCarril(['--version'])).stdout, /^\d+\.\d+\.\d+/);
  const nothing = await runCarril([]);
  t.equal(nothing.code, 2);
  const json = await runCarril(['run', '--bogus', '--json']);
  t.equal(json.code, 2);
  t.match(JSON.parse(json.stderr), { error: { code: 'USAGE', number: 0, message: /bogus/ } });
});

t.test('where the URL comes from', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'carril cli '));
  t.teardown(() => {
    rmSync(folder, { recursive: true });
  });
  const secret = 'pa55word';
  const onCommandLine = await runCarril(['status', '--url', `postgres://u:${secret}@127.0.0.1:1/x`]);
  t.equal(onCommandLine.code, 2);
  t.notMatch(onCommandLine.stderr, secret);

  const config = (text: string) => {
    writeFileSync(join(folder, 'carril.config.json'), text);
  };
  const unreachable = async (env: Record<string, string>) => {
    const result = await runCarril(['status'], { cwd: folder, env });
    t.equal(result.code, 1, result.stderr);
    t.notMatch(result.stderr, secret);
    return result.stderr;
  };
  config(JSON.stringify({ url: `postgres://u:${secret}@127.0.0.1:1/from_config` }));
  t.match(await unreachable({}), /from_config/);
  t.match(
    await unreachable({ CARRIL_DATABASE_URL: `postgres://u:${secret}@127.0.0.1:1/from_env` }),
    /from_env/,
    'the environment comes before the file',
  );
  mkdirSync(join(folder, 'project', 'below'), { recursive: true });
  const below = { cwd: join(folder, 'project', 'below'), env: { CARRIL_HOME: '/dev/null/x' } };
  t.notMatch((await runCarril(['status'], below)).stderr, /from_config/, 'without a package.json: only here');
  writeFileSync(join(folder, 'package.json'), '{}');
  t.match((await runCarril(['status'], below)).stderr, /from_config/, 'up to the project');
  writeFileSync(join(folder, 'project', 'package.json'), '{}');
  t.notMatch((await runCarril(['status'], below)).stderr, /from_config/, 'and no further');
  for (const [text, message] of [
    [`{ "urll": "postgres://u:${secret}@h/d" }`, /carril\.config\.json has an unknown key "urll"/],
    ['{}', /carril\.config\.json has no "url"/],
  ] as const) {
    config(text);
    const result = await runCarril(['status'], { cwd: folder });
    t.equal(result.code, 2, `${text}: ${result.stderr}`);
    t.match(result.stderr, message);
    t.notMatch(result.stderr, secret);
  }
  for (const text of [`{ "url": "${secret}`, '[]', '{"url": 5}', 'null']) {
    config(text);
    const result = await runCarril(['status'], { cwd: folder });
    t.equal(result.code, 2, `${text}: ${result.stderr}`);
    t.notMatch(result.stderr, secret);
  }
  const missing = await runCarril(['status', '--config', 'none.json'], { cwd: folder });
  t.equal(missing.code, 2);
});

t.test('a URL without a password: asked for on a terminal, a clear error elsewhere, at once', async (t) => {
  const server = await acquireEmbedded({ home: testHome() });
  const folder = mkdtempSync(join(tmpdir(), 'carril cli '));
  t.teardown(async () => {
    rmSync(folder, { recursive: true });
    await server.release();
  });
  const { user, password, host, port } = server.target;
  // no password file, and none of the environment's passwords
  const env = { HOME: folder, APPDATA: folder, PGPASSFILE: join(folder, 'none'), PGPASSWORD: '' };
  const args = ['db', 'status', '--url', `postgres://${user}@${host}:${port}/postgres`];

  const begun = performance.now();
  const refused = await runCarril(args, { env });
  t.equal(refused.code, 2, refused.stderr);
  t.match(refused.stderr, /has no password.*CARRIL_DATABASE_URL.*carril\.config\.json.*--ask-password/);
  t.ok(performance.now() - begun < 20_000, 'the socket of the failed login is closed');
  const known = await runCarril(args, { env: { ...env, PGPASSWORD: password } });
  t.equal(known.code, 0, known.stderr);

  if (process.platform !== 'linux' || !existsSync('/usr/bin/script')) {
    t.comment('no script(1) to play the terminal');
    return;
  }
  const typed = await onTerminal(args, env, `${password}\r`);
  t.equal(typed.code, 0, typed.screen);
  t.match(typed.screen, /Password:[^]*answers: version/);
  t.notMatch(typed.screen, password);
  const interrupted = await onTerminal(args, env, '\u0003');
  t.equal(interrupted.code, 130, interrupted.screen);
  const left = await onTerminal(args, env, '\u0004');
  t.equal(left.code, 2, left.screen);
  t.match(left.screen, /no password was typed/);
});

/** Runs the command line on a terminal, where `keys` are typed when it asks for a password. */
async function onTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  keys: string,
): Promise<{ code: number | null; screen: string }> {
  const main = fileURLToPath(new URL('../../runner/cli/main.js', import.meta.url));
  const command = [process.execPath, main, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], { env: { ...process.env, ...env } });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const asked = screen.includes('Password:');
    screen += text;
    // the prompt's raw mode comes a moment after its text
    if (!asked && screen.includes('Password:')) setTimeout(() => child.stdin.write(keys), 300);
  });
  return await new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, screen });
    });
  });
}

t.test('db and each of its commands show an example', async (t) => {
  for (const name of ['', 'start', 'stop', 'status', 'url', 'create', 'reset', 'mark-disposable']) {
    const { stdout } = await runCarril(['db', ...(name === '' ? [] : [name]), '--help']);
    const examples = stdout.slice(stdout.indexOf('Examples:'));
    t.match(examples, new RegExp(`^Examples:[^]*carril db ${name}`), name);
  }
});

t.test('jobs and alerts, without a database that has them, say what to do', async (t) => {
  const db = await freshDatabase(t, { migrated: false });
  for (const args of [['jobs', 'list'], ['alerts']]) {
    const { code, stderr } = await runCarril(args, { env: db.env });
    t.equal(code, 1);
    t.match(stderr, /carril migrate up/);
  }
});

t.test('a database without our schemas: says what to do', async (t) => {
  const db = await freshDatabase(t, { migrated: false });
  const { code, stderr } = await runCarril(['status'], { env: db.env });
  t.equal(code, 1);
  t.match(stderr, /carril migrate up/);
});

t.test('errors carry what --json adds', (t) => {
  t.same(new CommandError('x', 'BAD_INPUT', { problems: [1] }).details, { problems: [1] });
  t.end();
});

t.test('a chunk of a log is called by its bytes, a fund by its name', (t) => {
  const chunk = {
    ...{ idTrabajo: 79n, idChunk: 5n, tipo: 'LOGS', token: 1n, intento: 1, maxIntentos: 3, parametros: null },
    ...{ recurso: '/a.log', rangoInicio: 0n, rangoFin: 1_048_576n },
  };
  t.equal(chunkName(chunk), 'job 79 bytes 0–1048576');
  t.equal(chunkName({ ...chunk, tipo: 'FONDOS', recurso: 'ARKK', rangoFin: 0n }), 'job 79 ARKK');
  t.end();
});

t.test('an option without its value is wrong use, for every command', async (t) => {
  for (const args of [
    ['work', '--kinds'],
    ['work', '--idle-exit'],
    ['run', '--date'],
    ['jobs', 'list', '--kind'],
  ]) {
    const { code, stderr } = await runCarril(args);
    t.equal(code, 2, args.join(' '));
    t.match(stderr, /Not enough arguments following: .*\nTry --help/);
  }
});
