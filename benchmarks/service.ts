/**
 * `npm run bench:service`: what watching costs a run. The same run alone and watched in turn: many clients follow its events, and a
 * process of its own asks for its state 200 times a second; the server, the watchers and the asker are processes beside the
 * worker. Every client's events are checked, the server's memory is read from its own metrics.
 */
import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { connect } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import { createMigrator } from '../migrator/index.js';
import { writeSynthetic } from '../runner/cli/commands/load/synthetic.js';
import { connectionsOf } from '../runner/connections.js';
import { createCredential } from '../runner/http/credentials.js';
import { processWorker, startProcess } from '../runner/process.js';
import { round } from './measured-engine.js';
import { benchTarget, inBenchDatabase } from './bench-database.js';
import { benchOptions } from './options.js';
import { record } from './record.js';
import type { Asked } from './service/asker.js';
import type { Watched } from './service/watchers.js';
import { median } from './statistics.js';

const options = benchOptions(
  'service',
  'A run alone, and watched by many clients while a process asks for its state.',
  [5, 1],
  {
    funds: { default: 50, quick: 6, describe: 'funds of the generated data' },
    positions: { default: 3000, quick: 40, describe: 'positions a fund' },
    lanes: { default: 8, describe: 'funds side by side' },
    seed: { default: 7, describe: 'of the generator' },
    clients: { default: 200, quick: 10, describe: 'clients that follow the events' },
    rate: { default: 200, quick: 50, describe: 'status requests a second' },
  },
);
const { out, lanes, clients, rate, rounds } = options;
const data = {
  funds: options.funds,
  positions: options.positions,
  seed: options.seed,
  date: '2024-06-28',
  dates: 1,
};
const target = benchTarget();

interface Server {
  readonly url: string;
  readonly token: string;
  readonly child: ChildProcess;
}

/** One watched run. */
interface WatchedRun {
  readonly makespan_s: number;
  readonly watchers: Watched;
  readonly status: Asked;
  /** Of the server, behind the run, in MB. */
  readonly memory: Memory;
}

interface Memory {
  readonly resident_mb: number;
  readonly heap_used_mb: number;
}

await inBenchDatabase(target, bench);

async function bench(): Promise<void> {
  const engine = await connect(target, { poolMax: connectionsOf(lanes), appName: 'carril bench' });
  let server: Server | undefined;
  try {
    await createMigrator(engine).up();
    const { lines } = await writeSynthetic(engine, data, out);
    server = await startServer(engine);
    // the first run warms everything up and counts for nothing
    await run(engine);
    const alone: number[] = [];
    const watched: WatchedRun[] = [];
    for (let i = 0; i < rounds; i += 1) {
      alone.push(await run(engine));
      watched.push(await runWatched(engine, server));
      const [one, other] = [alone.at(-1), watched.at(-1)];
      if (other === undefined) continue;
      const { watchers, status, memory } = other;
      out.note(
        `alone ${one} s; watched ${other.makespan_s} s: ${watchers.in_order} of ${watchers.clients} clients saw ${watchers.events} events in order, ` +
          `${status.a_second} status requests a second, p99 ${status.p99_ms} ms, ${status.failed} failed, ${memory.heap_used_mb} MB of heap`,
      );
    }
    const slower = round(100 * (median(watched.map((it) => it.makespan_s)) / median(alone) - 1));
    out.print(`the watched run is ${slower} % slower (medians of ${rounds})`);
    await record('service', engine, out, options, {
      data: { ...data, lines, lanes, clients, rate },
      alone_s: alone,
      watched,
      slower_percent: slower,
    });
    // times are for people to judge, on a machine of which they know what else it does; these are not
    const right = watched.every(
      ({ watchers: { clients, in_order, same, funds_ended }, status }) =>
        in_order === clients && same === clients && funds_ended === data.funds && status.failed === 0,
    );
    if (!right) process.exitCode = 1;
  } finally {
    server?.child.kill('SIGTERM');
    if (server?.child.exitCode === null) await once(server.child, 'exit');
    await engine.close();
  }
}

/** A run by the worker in this process; seconds. */
async function run(
  engine: Engine,
  beside: (id: bigint) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const started = await startProcess(engine, data.date);
  await beside(started.id);
  const begun = performance.now();
  await processWorker(engine, started, { lanes }).run();
  return round((performance.now() - begun) / 1000);
}

async function runWatched(engine: Engine, server: Server): Promise<WatchedRun> {
  const parts: { watchers?: ChildProcess; asker?: ChildProcess } = {};
  const results: { watchers?: Promise<Watched>; asker?: Promise<Asked> } = {};
  try {
    const makespan = await run(engine, async (id) => {
      const path = `${server.url}/api/procesos/v3/proceso/${id}`;
      parts.watchers = part('watchers', `${path}/eventos`, server.token, String(clients));
      await answerOf(parts.watchers);
      results.watchers = answerOf<Watched>(parts.watchers);
      parts.asker = part('asker', path, server.token, String(rate));
      await answerOf(parts.asker);
      results.asker = answerOf<Asked>(parts.asker);
    });
    const watchers = await results.watchers;
    parts.asker?.send('stop');
    const status = await results.asker;
    if (watchers === undefined || status === undefined) throw new Error('a part of the benchmark is missing');
    return { makespan_s: makespan, watchers, status, memory: await memoryOf(server) };
  } finally {
    parts.watchers?.kill();
    parts.asker?.kill();
  }
}

function part(name: string, ...args: string[]): ChildProcess {
  return fork(join(import.meta.dirname, 'service', `${name}.js`), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** The next message of a part. @throws Error when it ends before */
function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      resolve(message as T);
    });
    child.once('exit', (code) => {
      reject(new Error(`a part of the benchmark ended with ${code}`));
    });
  });
}

/** `carril serve` as a process, as it is deployed: its workers are elsewhere. */
async function startServer(engine: Engine): Promise<Server> {
  const { token } = await createCredential(engine, 'bench', 'read', null);
  const main = join(import.meta.dirname, '..', 'runner', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--json'], {
    env: { ...process.env, CARRIL_DATABASE_URL: `embedded:${target.database}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  process.once('exit', () => child.kill());
  let text = '';
  for await (const bytes of child.stdout) {
    text += String(bytes);
    const [, url] = /"address":\s*"(http:[^"]+)"/.exec(text) ?? [];
    if (url === undefined) continue;
    return { url, token, child };
  }
  throw new Error(`the server ended with ${child.exitCode}`);
}

async function memoryOf({ url, token }: Server): Promise<Memory> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  const megabytes = (name: string) =>
    round(Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) / 2 ** 20);
  return {
    resident_mb: megabytes('carril_process_resident_memory_bytes'),
    heap_used_mb: megabytes('carril_nodejs_heap_size_used_bytes'),
  };
}
