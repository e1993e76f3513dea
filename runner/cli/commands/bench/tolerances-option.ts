import { readFileSync } from 'node:fs';

import type { Argv } from 'yargs';

import type { Tolerance } from '../../../../benchmarks/tolerances.js';
import { CommandError } from '../../errors.js';
import { fileProblem } from '../../file-problem.js';

export interface TolerancesArguments {
  readonly tolerances: string | undefined;
}

export function tolerancesOption<T>(args: Argv<T>): Argv<T & TolerancesArguments> {
  return args.option('tolerances', {
    type: 'string',
    requiresArg: true,
    describe: 'a JSON file that changes what is tolerated, measure by measure',
  });
}

/** What the comparer is to judge by: the documents' tolerances, changed by the file where there is one. */
export async function ownTolerances({
  tolerances: file,
}: TolerancesArguments): Promise<((base: readonly Tolerance[]) => readonly Tolerance[]) | undefined> {
  if (file === undefined) return undefined;
  const { readTolerances } = await import('../../../../benchmarks/tolerances.js');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file}: ${fileProblem(error)}`, 'BAD_FILE');
  }
  return (base) => readTolerances(text, file, base);
}
