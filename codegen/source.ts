/** Where something stands, 1-based. */
export interface Place {
  /** Path as it is shown: relative to the folder that codegen was started for. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something codegen refuses: what is wrong and what to do about it. */
export interface Problem extends Place {
  readonly message: string;
  /** Where the other side of a contradiction stands: the twin of the other dialect. */
  readonly related?: Place;
}

/** A file of SQL that knows its lines. */
export class Source {
  readonly file: string;
  /** Without a byte order mark. */
  readonly text: string;
  #lineStarts: number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  place(offset: number): Place {
    this.#lineStarts ??= lineStarts(this.text);
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Ends the reading of one statement; the reader of the file adds it to the problems and goes on with the next. */
export class ParseError extends Error {
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}

/** Collects everything that is wrong, so that one run reports it all. */
export class Problems {
  readonly #list: Problem[] = [];

  add(place: Place, message: string, related?: Place): void {
    const { file, line, column } = place;
    this.#list.push({ file, line, column, message, ...(related === undefined ? {} : { related }) });
  }

  /** Runs `work`; a ParseError becomes a problem and the result undefined. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      this.add(error.place, error.message);
      return undefined;
    }
  }

  get count(): number {
    return this.#list.length;
  }

  /** In the order of files and lines, each once. */
  sorted(): Problem[] {
    const unique = new Map(
      this.#list.map((problem) => [`${formatPlace(problem)} ${problem.message}`, problem]),
    );
    return [...unique.values()].sort(
      (a, b) =>
        compareText(a.file, b.file) ||
        a.line - b.line ||
        a.column - b.column ||
        compareText(a.message, b.message),
    );
  }
}

/** Order by code unit: the same on every machine, unlike a locale's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `file:line:column: message (see file:line:column)` */
export function formatProblem(problem: Problem): string {
  const related = problem.related === undefined ? '' : ` (see ${formatPlace(problem.related)})`;
  return `${formatPlace(problem)}: ${problem.message}${related}`;
}

export function formatPlace(place: Place): string {
  return `${place.file}:${String(place.line)}:${String(place.column)}`;
}
