import { describeProblem } from '../../../load/problems.js';
import type { Problem } from '../../../load/problems.js';
import { CommandError } from '../../errors.js';

/** Every problem of the input as one error, one line each: `file:line: message`. */
export function problemsError(problems: readonly Problem[], consequence: string): CommandError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = problems.map(describeProblem).join('\n');
  return new CommandError(`${count}; ${consequence}\n${lines}`, 'BAD_INPUT', { problems });
}
