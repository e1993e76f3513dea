/** Something wrong in an input file, at a line of it. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** `file:line: message`, as editors and CI logs link it. */
export function describeProblem({ file, line, message }: Problem): string {
  return `${file}:${line}: ${message}`;
}

/** Collects a file's problems, so that all of them are reported at once. */
export class Problems {
  readonly list: Problem[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  add(line: number, message: string): void {
    this.list.push({ file: this.#file, line, message });
  }

  /** In the order of the lines, whatever order the checks went in. */
  sorted(): readonly Problem[] {
    return this.list.toSorted((a, b) => a.line - b.line);
  }
}
