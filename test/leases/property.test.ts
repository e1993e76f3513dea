/**
 * Random programs of claims, renewals, expiries, completions, failures, splits, cancels, retries and finalizers over real
 * sessions: several at once, with transactions held open across others. What is checked stands in docs/locking.md.
 */
import t from 'tap';
import fc from 'fast-check';

import { freshDatabase } from '../testing/index.js';
import { testSize } from '../testing/thorough.js';
import { program } from './property/operations.js';
import { Bench } from './property/run.js';

const seed = Number(process.env['CARRIL_PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const numRuns = testSize('CARRIL_PROPERTY_RUNS', { quick: 50, full: 150 });

const db = await freshDatabase(t);
const bench = await Bench.open(db);

t.comment(
  `seed ${seed}: CARRIL_PROPERTY_SEED repeats the programs, though not the moments at which they meet`,
);
const started = performance.now();
const details = await fc.check(
  fc.asyncProperty(program, (one) => bench.run(one)),
  // not made smaller: a program that broke a rule once may keep it the next time, and the message has what happened
  { seed, numRuns, endOnFailure: true },
);
const { errorInstance } = details;
t.notOk(details.failed, 'no rule was broken', {
  found: (errorInstance instanceof Error ? errorInstance.message : String(errorInstance)).split('\n'),
});
const seconds = ((performance.now() - started) / 1000).toFixed(1);
t.comment(`${JSON.stringify({ ...bench.tally, violations: details.failed ? 1 : 0 })} in ${seconds} s`);
