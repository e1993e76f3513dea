/** A process of its own that asks for a run's state so many times a second, whether answers come or not, until it is told to stop. */
import { Agent, get } from 'node:http';

import { timingsOf } from '../measured-engine.js';
import type { Timings } from '../measured-engine.js';

export interface Asked extends Timings {
  /** Answers that were no success. */
  readonly failed: number;
  readonly a_second: number;
}

const [url = '', token = '', rate = '200'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const times: number[] = [];
const waiting = new Set<Promise<void>>();
let failed = 0;
const stopping = new AbortController();

/** From the moment it was due: a request that waits for a socket of ours has waited, too. */
function ask(due: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (well: boolean): void => {
      times.push(performance.now() - due);
      if (!well) failed += 1;
      resolve();
    };
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.resume();
      response.on('end', () => {
        done(response.statusCode === 200);
      });
    }).on('error', () => {
      done(false);
    });
  });
}

process.on('message', () => {
  stopping.abort();
});
// a connection and a first answer, so that the run does not begin beside the start of this process
await ask(performance.now());
times.length = 0;
process.send?.('open');
const begun = performance.now();
const everyMs = 1000 / Number(rate);
for (let n = 0; !stopping.signal.aborted; n += 1) {
  const due = begun + n * everyMs;
  const early = due - performance.now();
  if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
  const asked = ask(Math.max(due, begun)).then(() => {
    waiting.delete(asked);
  });
  waiting.add(asked);
}
const seconds = (performance.now() - begun) / 1000;
await Promise.all(waiting);
agent.destroy();
const asked: Asked = { ...timingsOf(times), failed, a_second: Math.round(times.length / seconds) };
process.send?.(asked);
process.disconnect();
