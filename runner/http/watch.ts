/** What several clients watch at once: looked at once for all of them. */
export interface Watched<T> {
  /** What was seen last; undefined before the first look. */
  readonly seen: T | undefined;
  /** Resolves with the next look, or with undefined once `signal` aborts. @throws what looking threw for long enough */
  next(signal: AbortSignal): Promise<T | undefined>;
  release(): void;
}

interface Entry<T> {
  users: number;
  /** Somebody has asked for it a moment ago, and will again: it is looked at until then. */
  askedUntil: number;
  seen: T | undefined;
  /** When the look began that saw it. */
  seenAt: number;
  /** What was seen before is older than a change that is known of. */
  changedAt: number;
  /** The look that is under way. */
  looking: Promise<T> | undefined;
  timer: NodeJS.Timeout | undefined;
  waiting: Set<(outcome: { readonly value: T } | { readonly error: Error }) => void>;
  failures: number;
}

/** Who polls comes back within this time, ms. */
const pollMs = 2000;

/** How old an answer may be when looking takes long, or fails, ms. */
const staleMs = 2000;

/** What was seen is kept so long for those who come back, ms. */
const lingerMs = 30_000;

/** How often in a row looking may fail (a database that restarts) before those who wait are told. */
const mostFailures = 20;

/**
 * Looks at things that are named by an ID, every so often, for as long as somebody watches or asks: however many do, the database
 * answers once.
 */
export class Watch<T> {
  readonly #look: (id: bigint, before: T | undefined) => Promise<T>;
  readonly #everyMs: number;
  readonly #entries = new Map<bigint, Entry<T>>();

  constructor(look: (id: bigint, before: T | undefined) => Promise<T>, everyMs: number) {
    this.#look = look;
    this.#everyMs = everyMs;
  }

  /** For who is told of each look. */
  watch(id: bigint): Watched<T> {
    const entry = this.#entryOf(id);
    entry.users += 1;
    // whoever comes to what is looked at already waits for the next look
    if (entry.users === 1) this.#goOn(id, entry, 0);
    let released = false;
    return {
      get seen() {
        return entry.seen;
      },
      next: (signal) =>
        new Promise((resolve, reject) => {
          const settle = (outcome: { readonly value: T } | { readonly error: Error } | undefined): void => {
            entry.waiting.delete(settle);
            signal.removeEventListener('abort', leave);
            if (outcome === undefined) resolve(undefined);
            else if ('value' in outcome) resolve(outcome.value);
            else reject(outcome.error);
          };
          const leave = (): void => {
            settle(undefined);
          };
          if (signal.aborted) {
            resolve(undefined);
            return;
          }
          signal.addEventListener('abort', leave);
          entry.waiting.add(settle);
        }),
      release: () => {
        if (released) return;
        released = true;
        entry.users -= 1;
      },
    };
  }

  /**
   * What was seen a moment ago of something that is watched or polled; of anything else, a new look. Nobody who polls waits for
   * the database.
   * @throws what looking throws
   */
  async get(id: bigint): Promise<T> {
    const entry = this.#entryOf(id);
    const now = performance.now();
    const alive = entry.users > 0 || entry.askedUntil > now;
    entry.askedUntil = now + pollMs;
    if (!alive) this.#goOn(id, entry, this.#everyMs);
    const { seen, seenAt, changedAt } = entry;
    if (alive && seen !== undefined && seenAt > changedAt && now - seenAt < staleMs) return seen;
    try {
      const value = await this.#lookOnce(id, entry);
      // it was under way when the change was made
      return entry.seenAt > entry.changedAt ? value : await this.#lookOnce(id, entry);
    } catch (error) {
      // nothing to keep of what does not exist
      if (entry.users === 0 && entry.seen === undefined) this.#drop(id, entry);
      throw error;
    }
  }

  /** It was changed: what was seen before is told to nobody who asks from now on. */
  forget(id: bigint): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.changedAt = performance.now();
  }

  #entryOf(id: bigint): Entry<T> {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const entry: Entry<T> = {
      users: 0,
      askedUntil: 0,
      seen: undefined,
      seenAt: -Infinity,
      changedAt: -Infinity,
      looking: undefined,
      timer: undefined,
      waiting: new Set(),
      failures: 0,
    };
    this.#entries.set(id, entry);
    return entry;
  }

  #drop(id: bigint, entry: Entry<T>): void {
    clearTimeout(entry.timer);
    if (this.#entries.get(id) === entry) this.#entries.delete(id);
  }

  /** Comes back so much later, and then again and again while there is anybody. */
  #goOn(id: bigint, entry: Entry<T>, afterMs: number): void {
    clearTimeout(entry.timer);
    const isWanted = (): boolean => entry.users > 0 || entry.askedUntil > performance.now();
    const turn = (): void => {
      if (!isWanted()) {
        entry.timer = setTimeout(() => {
          this.#drop(id, entry);
        }, lingerMs).unref();
        return;
      }
      const again = (): void => {
        this.#goOn(id, entry, this.#everyMs);
      };
      this.#lookOnce(id, entry).then(again, again);
    };
    if (afterMs === 0) turn();
    else entry.timer = setTimeout(turn, afterMs).unref();
  }

  /** A look for all who want one now: of two side by side the older one might come in behind the newer. */
  #lookOnce(id: bigint, entry: Entry<T>): Promise<T> {
    if (entry.looking !== undefined) return entry.looking;
    const begun = performance.now();
    const looking = this.#look(id, entry.seen).then(
      (value) => {
        entry.looking = undefined;
        entry.seen = value;
        entry.seenAt = begun;
        entry.failures = 0;
        for (const settle of [...entry.waiting]) settle({ value });
        return value;
      },
      (thrown: unknown) => {
        entry.looking = undefined;
        entry.failures += 1;
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        if (entry.failures >= mostFailures) for (const settle of [...entry.waiting]) settle({ error });
        throw error;
      },
    );
    entry.looking = looking;
    return looking;
  }
}
