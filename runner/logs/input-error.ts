/** Why a log file cannot be scanned as planned. None of these passes by itself. */
export type InputProblem = 'SHRUNK' | 'REPLACED' | 'CHANGED' | 'GZIP';

/** The log file is not the one that was planned, or is no readable gzip file: another attempt would find the same. */
export class LogInputError extends Error {
  override readonly name = 'LogInputError';
  readonly problem: InputProblem;

  constructor(problem: InputProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.problem = problem;
  }
}
