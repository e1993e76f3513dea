/** Worker processes that are killed, stopped and asked to leave at random moments, and replaced at once. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Random } from '../../../runner/load/random.js';
import { spawnCarril } from '../../testing/index.js';
import type { CarrilProcess, CarrilResult } from '../../testing/index.js';

export interface Blows {
  /** kill -9 */
  kills: number;
  /** SIGSTOP until its leases have run out, then SIGCONT. */
  stops: number;
  /** SIGTERM: it finishes what runs, or gives it back. */
  terms: number;
  /** Processes started. */
  started: number;
  /** Calls of a worker that came too late and were refused, as it said itself. */
  refused: number;
}

/** One place in the crowd: whoever stands in it is replaced when it falls. */
interface Place {
  readonly name: string;
  readonly args: () => readonly string[];
  /** Told how it ended, killed or not. */
  readonly ended: (result: CarrilResult) => void;
  child: CarrilProcess | undefined;
  /** Standing still at this moment. */
  stopped: boolean;
}

const longestLeaseMs = 2000;

/** What `carril work` and `carril logs scan` say when all is done and the leases are back. */
const lastWords = /(?: lost| MB\/s)\n/;

export class Crowd {
  readonly blows: Blows = { kills: 0, stops: 0, terms: 0, started: 0, refused: 0 };
  /** What went wrong in a way that no blow explains. */
  readonly surprises: string[] = [];
  readonly #env: Readonly<Record<string, string>>;
  readonly #random: Random;
  readonly #places: Place[] = [];
  readonly #wakers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<unknown>>();
  #leaving = false;

  constructor(env: Readonly<Record<string, string>>, random: Random) {
    this.#env = env;
    this.#random = random;
  }

  /** `carril work`, with one or two lanes and a lease of one or two seconds. */
  addWorker(name: string): void {
    this.#add({
      name,
      args: () => {
        const lanes = this.#random.between(1, 3);
        return ['work', '--lanes', `${lanes}`, '--lease', `${this.#random.between(1, 2)}s`];
      },
      ended: () => undefined,
    });
  }

  /** Any other command; `args` is asked again each time that it has ended, `finished` told when it did so well. */
  addCommand(name: string, args: Place['args'], finished: () => void): void {
    this.#add({
      name,
      args,
      ended: ({ code }) => {
        if (code === 0) finished();
      },
    });
  }

  #add(place: Omit<Place, 'child' | 'stopped'>): void {
    const full: Place = { ...place, child: undefined, stopped: false };
    this.#places.push(full);
    this.#start(full);
  }

  /**
   * A worker that nobody asked never leaves, and one that was asked says 130; before it could listen, and after its last words,
   * the signal ends it.
   */
  #judge({ name }: Place, { code, signal, stdout, stderr }: CarrilResult): void {
    if (signal === 'SIGKILL' || code === 130 || (code === 0 && !name.startsWith('worker'))) return;
    if (signal === 'SIGTERM' && (stdout === '' || lastWords.test(stdout))) return;
    this.surprises.push(`${name} ended with ${signal ?? code}: ${stderr.slice(-1000)}`);
  }

  #start(place: Place): void {
    if (this.#leaving) return;
    const child = spawnCarril(place.args(), { env: this.#env });
    this.blows.started += 1;
    place.child = child;
    place.stopped = false;
    const ended = child.done.then((result) => {
      this.#running.delete(ended);
      this.blows.refused += result.stdout.split('lease-lost').length - 1;
      place.child = undefined;
      this.#judge(place, result);
      place.ended(result);
      this.#start(place);
    });
    this.#running.add(ended);
  }

  /** Strikes until then. */
  async torment(untilMs: number): Promise<void> {
    while (performance.now() < untilMs) {
      await sleep(Math.min(this.#random.between(250, 1100), Math.max(0, untilMs - performance.now())));
      // one that has not begun yet has nothing to lose
      const standing = this.#places.filter(
        ({ child, stopped }) => !stopped && child !== undefined && child.stdout().length > 0,
      );
      const place = standing[this.#random.between(0, Math.max(0, standing.length - 1))];
      if (place?.child !== undefined) this.#strike(place, place.child);
    }
  }

  #strike(place: Place, child: CarrilProcess): void {
    const moving = this.#places.filter(({ stopped }) => !stopped).length;
    const chance = this.#random.between(1, 100);
    if (chance <= 40) {
      this.blows.kills += 1;
      child.kill('SIGKILL');
    } else if (chance <= 80 && moving > 1) {
      this.blows.stops += 1;
      place.stopped = true;
      child.kill('SIGSTOP');
      const waker = setTimeout(
        () => {
          this.#wakers.delete(waker);
          place.stopped = false;
          child.kill('SIGCONT');
        },
        longestLeaseMs * (this.#random.between(60, 200) / 100),
      );
      this.#wakers.add(waker);
    } else {
      this.blows.terms += 1;
      child.kill('SIGTERM');
    }
  }

  /** Lets everybody go, the stopped ones as well, and waits for them. */
  async leave(): Promise<void> {
    this.#leaving = true;
    for (const waker of this.#wakers) clearTimeout(waker);
    for (const { child, stopped } of this.#places) {
      if (stopped) child?.kill('SIGCONT');
      child?.kill('SIGTERM');
    }
    await Promise.all(this.#running);
  }

  /** Whatever became of the test. */
  killAll(): void {
    this.#leaving = true;
    for (const waker of this.#wakers) clearTimeout(waker);
    for (const { child } of this.#places) child?.kill('SIGKILL');
  }
}
