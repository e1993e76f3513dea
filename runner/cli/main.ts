#!/usr/bin/env node
import { exitCodeOf, printError, usageError } from './errors.js';
import { createParser } from './parser.js';

const argv = process.argv.slice(2);
// a reader that has seen enough (`carril status | head`) is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
try {
  await createParser(argv).parseAsync();
} catch (error) {
  const known = usageError(error);
  printError(known, { json: argv.includes('--json') });
  process.exitCode = exitCodeOf(known);
}
