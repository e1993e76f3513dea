/**
 * `npm run bench:service`: what watching costs a run. The same run in turn alone, followed by many clients of its events, and
 * followed and polled: a process of its own asks for its state 200 times a second besides. The server, the watchers and the
 * asker are processes beside the worker, so what clients need is taken from the run, too. Every client's events are checked, the
 * server's memory is looked at every second and told by its own metrics. What is judged are the ratios within each round, whose
 * order changes.
 */
import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
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
import { medianInterval } from './statistics.js';
import type { Interval } from './statistics.js';
import type { Asked } from './service/asker.js';
import type { Watched } from './service/watchers.js';

const options = benchOptions(
  'service',
  'A run alone, followed by many clients, and followed while a process asks for its state.',
  [10, 1],
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
  /** Of the server, behind the run, in MB. */
  readonly memory: Memory;
  /** What the server needed while it was watched. */
  readonly server_cpu_s: number;
}

interface PolledRun extends WatchedRun {
  readonly status: Asked;
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
    // and the first that is watched the server
    await runPolled(engine, server);
    const resident = sampleMemory(server);
    const alone: number[] = [];
    const followed: WatchedRun[] = [];
    const polled: PolledRun[] = [];
    for (let i = 0; i < rounds; i += 1) {
      const steps = [
        async (to: Server) => {
          followed.push(await runWatched(engine, to));
        },
        async (to: Server) => {
          polled.push(await runPolled(engine, to));
        },
        async () => {
          alone.push(await run(engine));
        },
      ];
      // what gets slower with time must not look as if watching did it
      for (let k = 0; k < steps.length; k += 1) await steps[(i + k) % steps.length]?.(server);
      out.note(
        `alone ${alone.at(-1)} s; ${describe('followed', followed.at(-1))}; ${describe('polled, too,', polled.at(-1))}`,
      );
    }
    const memory = resident.stop();
    const measured = {
      data: { ...data, lines, lanes, clients, rate },
      alone_s: alone,
      followed,
      polled,
      // how much slower the run is, with its 95 % interval
      slower_percent: { followed: percentSlower(followed, alone), polled: percentSlower(polled, alone) },
      status_p99_ms: medianInterval(polled.map(({ status }) => status.p99_ms)),
      // a line a second
      server_memory: memory,
    };
    const { slower_percent, status_p99_ms } = measured;
    out.print(
      `followed by ${clients} clients the run is ${show(slower_percent.followed)} % slower, polled ${rate} times a second, too, ` +
        `${show(slower_percent.polled)} %; status requests p99 ${show(status_p99_ms)} ms (medians of ${rounds} rounds, 95 %); ` +
        `the server had ${memory[0]?.resident_mb} MB at first and ${memory.at(-1)?.resident_mb} MB at last`,
    );
    await record('service', engine, out, options, measured);
    // times are for people to judge, on a machine of which they know what else it does; these are not
    const right = [...followed, ...polled].every(
      ({ watchers: { clients, in_order, same, funds_ended } }) =>
        in_order === clients && same === clients && funds_ended === data.funds,
    );
    if (!right || polled.some(({ status }) => status.failed > 0)) process.exitCode = 1;
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

/** Followed by many clients. */
async function runWatched(
  engine: Engine,
  server: Server,
  beside: (path: string) => Promise<void> = () => Promise.resolve(),
): Promise<WatchedRun> {
  let watchers: ChildProcess | undefined;
  try {
    let seen: Promise<Watched> | undefined;
    let cpu = 0;
    const makespan_s = await run(engine, async (id) => {
      const path = `${server.url}/api/procesos/v3/proceso/${id}`;
      watchers = part('watchers', `${path}/eventos`, server.token, String(clients));
      await answerOf(watchers);
      seen = answerOf<Watched>(watchers);
      await beside(path);
      cpu = (await metricsOf(server)).cpu_s;
    });
    const { cpu_s, ...memory } = await metricsOf(server);
    if (seen === undefined) throw new Error('nobody watched');
    return { makespan_s, watchers: await seen, memory, server_cpu_s: round(cpu_s - cpu) };
  } finally {
    watchers?.kill();
  }
}

/** The same, and polled. */
async function runPolled(engine: Engine, server: Server): Promise<PolledRun> {
  let asker: ChildProcess | undefined;
  try {
    let answers: Promise<Asked> | undefined;
    const watched = await runWatched(engine, server, async (path) => {
      asker = part('asker', path, server.token, String(rate));
      await answerOf(asker);
      answers = answerOf<Asked>(asker);
    });
    asker?.send('stop');
    if (answers === undefined) throw new Error('nobody asked');
    return { ...watched, status: await answers };
  } finally {
    asker?.kill();
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

interface MemorySample {
  /** Since the first. */
  readonly at_s: number;
  readonly resident_mb: number;
}

/** The server's resident memory every second, as Linux tells it without asking the server; nothing elsewhere. */
function sampleMemory({ child }: Server): { stop(): readonly MemorySample[] } {
  const samples: MemorySample[] = [];
  const begun = performance.now();
  const look = (): void => {
    try {
      const [, pages] = readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ');
      samples.push({
        at_s: round((performance.now() - begun) / 1000),
        resident_mb: round((Number(pages) * 4096) / 2 ** 20),
      });
    } catch {
      // another system
    }
  };
  look();
  const timer = setInterval(look, 1000);
  return {
    stop() {
      clearInterval(timer);
      look();
      return samples;
    },
  };
}

/** Round by round: what the machine did in one of them, it did to both. */
function percentSlower(watched: readonly WatchedRun[], alone: readonly number[]): Interval {
  const { median, low, high } = medianInterval(
    watched.map(({ makespan_s }, i) => makespan_s / (alone[i] ?? NaN)),
  );
  const percent = (ratio: number) => round(100 * (ratio - 1));
  return { median: percent(median), low: percent(low), high: percent(high) };
}

function show({ median, low, high }: Interval): string {
  return `${round(median)} (${round(low)} to ${round(high)})`;
}

function describe(how: string, one: (WatchedRun & Partial<PolledRun>) | undefined): string {
  if (one === undefined) return `not ${how}`;
  const { watchers, status, memory } = one;
  const asked =
    status === undefined
      ? ''
      : `; ${status.a_second} status requests a second, p50 ${status.p50_ms}, p95 ${status.p95_ms}, p99 ${status.p99_ms} ms, ${status.failed} failed`;
  return (
    `${how} ${one.makespan_s} s: ${watchers.in_order} of ${watchers.clients} clients saw ${watchers.events} events in order${asked} ` +
    `(CPU: server ${one.server_cpu_s} s, watchers ${watchers.cpu_s} s, asker ${status?.cpu_s ?? 0} s; ${memory.resident_mb} MB resident, ${memory.heap_used_mb} MB of heap)`
  );
}

async function metricsOf({ url, token }: Server): Promise<Memory & { readonly cpu_s: number }> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  const megabytes = (name: string) => round(value(name) / 2 ** 20);
  return {
    cpu_s: value('carril_process_cpu_seconds_total'),
    resident_mb: megabytes('carril_process_resident_memory_bytes'),
    heap_used_mb: megabytes('carril_nodejs_heap_size_used_bytes'),
  };
}
