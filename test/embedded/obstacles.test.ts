import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import t from 'tap';

import { explainServerLog } from '../../engine/embedded/failure.js';
import { acquireEmbedded, embeddedStatus, stopEmbedded } from '../../engine/embedded/index.js';
import type { EmbeddedOptions, EmbeddedServer } from '../../engine/embedded/index.js';
import { explainListen } from '../../engine/embedded/port.js';
import { answer, graceMs, isRoot, scratchFolder } from './helpers.js';

const { scratch, home } = scratchFolder(t);
const acquire = (options: EmbeddedOptions = {}): Promise<EmbeddedServer> =>
  acquireEmbedded({ home, graceMs, ...options });

await t.test(
  'a port that somebody took: another one with a notice, an error where one was asked for',
  async (t) => {
    await (await acquire()).release();
    await stopEmbedded({ home });
    const { port } = await embeddedStatus({ home });
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(port ?? 0, '127.0.0.1', resolve));
    t.teardown(() => squatter.close());

    process.env['CARRIL_PORT'] = String(port);
    await t.rejects(acquire(), {
      message: new RegExp(`port ${port ?? 0} of 127.0.0.1, which CARRIL_PORT asks for, is in use`),
    });
    delete process.env['CARRIL_PORT'];

    const notices: string[] = [];
    const server = await acquire({ onNotice: (text) => notices.push(text) });
    t.not(server.target.port, port);
    t.match(notices, [
      new RegExp(`port ${port ?? 0} of 127.0.0.1 is in use .* now at port ${server.target.port}`),
    ]);
    await server.release();
  },
);

await t.test('a port that this user may not use is not said to be in use', (t) => {
  const log = (reason: string): string =>
    `LOG:  could not bind IPv4 address "127.0.0.1": ${reason}\nFATAL:  could not create any TCP/IP sockets`;
  t.match(explainServerLog(log('Permission denied')), /may not use that port.*CARRIL_PORT/);
  t.match(explainServerLog(log('Address already in use')), /in use by another program/);
  t.match(explainListen(Object.assign(new Error('x'), { code: 'EACCES' })), /may not be used by this user/);
  t.match(explainListen(Object.assign(new Error('x'), { code: 'EADDRINUSE' })), /in use by another program/);
  t.end();
});

await t.test('says what is wrong with a folder', async (t) => {
  const file = join(scratch, 'a file');
  writeFileSync(file, '');
  await t.rejects(acquire({ home: file }), { message: /a file.*there is a file of that name/ });
  await t.rejects(acquire({ home: join(file, 'below') }), {
    message: /there is a file of that name, or on the way to it/,
  });

  if (process.platform === 'linux') {
    // a file system that makes no folders says ENOENT to root, EACCES or EPERM to others
    await t.rejects(acquire({ home: '/proc/carril' }), { message: /state in \/proc\/carril, .*CARRIL_HOME/ });
  }

  const old = join(scratch, 'old');
  mkdirSync(join(old, 'data'), { recursive: true, mode: 0o755 });
  writeFileSync(join(old, 'data', 'PG_VERSION'), '15\n');
  await t.rejects(acquire({ home: old }), {
    message: /is PostgreSQL 15's, and this carril brings PostgreSQL 18/,
  });

  const foreign = join(scratch, 'foreign');
  mkdirSync(join(foreign, 'data'), { recursive: true, mode: 0o755 });
  writeFileSync(join(foreign, 'data', 'notes.txt'), 'mine');
  await t.rejects(acquire({ home: foreign }), { message: /is not empty, but holds no PostgreSQL data/ });
  t.ok(existsSync(join(foreign, 'data', 'notes.txt')));

  const broken = join(scratch, 'broken');
  mkdirSync(broken, { mode: 0o755 });
  writeFileSync(join(broken, 'postgresql.conf'), 'no_such_setting = 1\n');
  await t.rejects(acquire({ home: broken }), { message: /a setting is wrong[^]*no_such_setting/ });
});

await t.test(
  'as root: PostgreSQL runs as another user, and its data lies where that user can get',
  async (t) => {
    if (!isRoot) {
      t.comment('not root: nothing to see');
      return;
    }
    const closed = join(scratch, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const server = await acquire({ home: join(closed, '.carril') });
    const { dataFolder } = await embeddedStatus({ home: join(closed, '.carril') });
    t.notOk(dataFolder?.startsWith(scratch), dataFolder ?? '');
    t.not(statSync(dataFolder ?? '').uid, 0);
    t.equal(await answer(server, '1'), '1');
    await server.release();
    await stopEmbedded({ home: join(closed, '.carril') });
    const again = await acquire({ home: join(closed, '.carril') });
    t.equal((await embeddedStatus({ home: join(closed, '.carril') })).dataFolder, dataFolder);
    await again.release();
    await stopEmbedded({ home: join(closed, '.carril') });
    rmSync(join(dataFolder ?? '/nowhere', '..'), { recursive: true });

    process.env['CARRIL_POSTGRES_USER'] = 'nobody-of-that-name';
    await t.rejects(acquire({ home: join(scratch, 'no user') }), {
      message: /refuses to run as root, and CARRIL_POSTGRES_USER names nobody-of-that-name/,
    });
    delete process.env['CARRIL_POSTGRES_USER'];
  },
);
