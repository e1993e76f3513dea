/** The property test can fail: it must notice the protocol broken in each of these ways, within its normal number of runs. */
import t from 'tap';
import fc from 'fast-check';

import { freshDatabase, testDialect } from '../testing/index.js';
import { thorough } from '../testing/thorough.js';
import { breakProtocol, mutants } from './property/mutants.js';
import { program } from './property/operations.js';
import { Bench } from './property/run.js';

const seed = Number(process.env['CARRIL_PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

if (testDialect() === 'sqlserver') {
  t.pass('the procedures are broken in PL/pgSQL only', { skip: true });
} else {
  // a third each time, which one the seed says
  const today = (i: number): boolean => thorough || i % 3 === seed % 3;
  t.comment(`seed ${seed}: ${thorough ? 'all mutants' : 'a third of the mutants'}`);
  const db = await freshDatabase(t);
  const bench = await Bench.open(db);
  const only = process.env['CARRIL_MUTANT'];
  for (const mutant of mutants.filter(({ name }, i) =>
    only === undefined ? today(i) : name.includes(only),
  )) {
    await t.test(mutant.name, async (t) => {
      const repair = await breakProtocol(db.engine, mutant);
      try {
        const details = await fc.check(
          fc.asyncProperty(program, (one) => bench.run(one)),
          { seed, numRuns: 150, endOnFailure: true },
        );
        t.ok(details.failed, 'noticed');
        const said = details.errorInstance instanceof Error ? details.errorInstance.message : '';
        t.comment(`in program ${details.numRuns}: ${said.split('\n', 1).join()}`);
      } finally {
        await repair();
      }
    });
  }
}
