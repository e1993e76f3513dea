/** The property test can fail: it must notice the protocol broken in each of these ways, within its normal number of runs. */
import t from 'tap';
import fc from 'fast-check';

import { freshDatabase, testDialect } from '../testing/index.js';
import { breakProtocol, mutants } from './property/mutants.js';
import { program } from './property/operations.js';
import { Bench } from './property/run.js';

const seed = Number(process.env['CARRIL_PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

if (testDialect() === 'sqlserver') {
  t.pass('the procedures are broken in PL/pgSQL only', { skip: true });
} else {
  t.comment(`seed ${seed}`);
  const db = await freshDatabase(t);
  const bench = await Bench.open(db);
  const only = process.env['CARRIL_MUTANT'];
  for (const mutant of mutants.filter(({ name }) => only === undefined || name.includes(only))) {
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
