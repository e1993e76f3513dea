import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { acquireEmbedded, embeddedStatus, stopEmbedded } from '../../engine/embedded/index.js';
import type { EmbeddedOptions, EmbeddedServer } from '../../engine/embedded/index.js';
import { isAlive } from '../../engine/embedded/process-info.js';
import { waitUntil } from '../testing/index.js';
import { answer, gone, graceMs, holder, scratchFolder } from './helpers.js';

const { home } = scratchFolder(t);
const acquire = (options: EmbeddedOptions = {}): Promise<EmbeddedServer> =>
  acquireEmbedded({ home, graceMs, ...options });

await t.test('a keeper that is killed is replaced, and its server stopped in the end', async (t) => {
  const server = await acquire();
  const before = await embeddedStatus({ home });
  process.kill(before.keeperPid ?? 0, 'SIGKILL');
  const after = await waitUntil('another keeper', async () => {
    const now = await embeddedStatus({ home });
    return now.state === 'running' && now.keeperPid !== before.keeperPid && now.clients === 1
      ? now
      : undefined;
  });
  t.equal(after.serverPid, before.serverPid, 'the server itself went on');
  t.equal(await answer(server, '1'), '1');
  await server.release();
  await gone(before.serverPid ?? 0);
});

await t.test('a server without keeper and clients is seen, and stopped or taken over', async (t) => {
  const orphan = async (): Promise<number> => {
    const { child, serverPid } = await holder(home);
    const { keeperPid } = await embeddedStatus({ home });
    child.kill('SIGSTOP');
    process.kill(keeperPid ?? 0, 'SIGKILL');
    child.kill('SIGKILL');
    await gone(keeperPid ?? 0);
    return serverPid;
  };
  const first = await orphan();
  t.match(await embeddedStatus({ home }), { state: 'orphaned', serverPid: first });
  t.equal(await stopEmbedded({ home }), true);
  t.notOk(isAlive(first));

  const second = await orphan();
  const server = await acquire();
  t.match(await embeddedStatus({ home }), { state: 'running', serverPid: second });
  t.equal(await answer(server, '1'), '1');
  await server.release();
  await gone(second);
});

await t.test('a server that is killed is said to be lost, and started anew by the next', async (t) => {
  const server = await acquire();
  const { serverPid } = await embeddedStatus({ home });
  process.kill(serverPid ?? 0, 'SIGKILL');
  const why = await waitUntil('the news', () => server.lostBecause());
  t.match(why, /PostgreSQL was ended by SIGKILL/);
  await server.release();
  const again = await acquire();
  t.equal(await answer(again, '1'), '1');
  await again.release();
});

await t.test('a stale postmaster.pid with the number of another process is no obstacle', async (t) => {
  await stopEmbedded({ home });
  const { dataFolder, port } = await embeddedStatus({ home });
  const file = join(dataFolder ?? '', 'postmaster.pid');
  writeFileSync(
    file,
    `${process.pid}\n${dataFolder ?? ''}\n1700000000\n${port ?? 0}\n\n127.0.0.1\n  1  1\nready   \n`,
  );
  t.match(await embeddedStatus({ home }), { state: 'stopped' });
  const server = await acquire();
  t.equal(await answer(server, '1'), '1');
  await server.release();
});
