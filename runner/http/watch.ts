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
  seen: T | undefined;
  timer: NodeJS.Timeout | undefined;
  waiting: Set<(outcome: { readonly value: T } | { readonly error: Error }) => void>;
  failures: number;
  /** A look is under way. */
  looking: boolean;
  /** Runs while nobody watches. */
  forget: NodeJS.Timeout | undefined;
}

/** What was seen is kept so long for those who come back. */
const lingerMs = 30_000;

/** How often in a row looking may fail (a database that restarts) before those who wait are told. */
const mostFailures = 20;

/** Looks at things that are named by an ID, every so often, for as long as somebody watches. */
export class Watch<T> {
  readonly #look: (id: bigint, before: T | undefined) => Promise<T>;
  readonly #everyMs: number;
  readonly #entries = new Map<bigint, Entry<T>>();

  constructor(look: (id: bigint, before: T | undefined) => Promise<T>, everyMs: number) {
    this.#look = look;
    this.#everyMs = everyMs;
  }

  watch(id: bigint): Watched<T> {
    const entry = this.#entries.get(id) ?? this.#begin(id);
    entry.users += 1;
    clearTimeout(entry.forget);
    if (entry.users === 1) this.#turn(id, entry);
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
        if (entry.users > 0) return;
        clearTimeout(entry.timer);
        entry.forget = setTimeout(() => this.#entries.delete(id), lingerMs).unref();
      },
    };
  }

  #begin(id: bigint): Entry<T> {
    const entry: Entry<T> = {
      users: 0,
      seen: undefined,
      timer: undefined,
      waiting: new Set(),
      failures: 0,
      looking: false,
      forget: undefined,
    };
    this.#entries.set(id, entry);
    return entry;
  }

  /** Looks, tells those who wait, and comes back while there is anybody. */
  #turn(id: bigint, entry: Entry<T>): void {
    // whoever left and came back while a look was under way: a second round beside it would bring old looks behind new ones
    if (entry.looking) return;
    entry.looking = true;
    const again = (): void => {
      entry.looking = false;
      if (entry.users > 0)
        entry.timer = setTimeout(() => {
          this.#turn(id, entry);
        }, this.#everyMs);
    };
    this.#look(id, entry.seen)
      .then((value) => {
        entry.seen = value;
        entry.failures = 0;
        for (const settle of [...entry.waiting]) settle({ value });
      })
      .catch((thrown: unknown) => {
        entry.failures += 1;
        if (entry.failures < mostFailures) return;
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        for (const settle of [...entry.waiting]) settle({ error });
      })
      .finally(again);
  }
}
