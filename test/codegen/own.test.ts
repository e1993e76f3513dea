import t from 'tap';

import { compareLive, compareWithDisk, formatProblem, generate } from '../../codegen/index.js';
import { freshDatabase } from '../testing/index.js';

const generated = generate();

t.test('contracts, twins and wrappers of our own procedures agree', (t) => {
  t.strictSame(generated.catalog.problems.map(formatProblem), []);
  t.strictSame(compareWithDisk(generated), { stale: [], missing: [], surplus: [] });
  t.end();
});

t.test('a migrated database holds what our contracts say', async (t) => {
  const { engine } = await freshDatabase(t);
  const live = await compareLive(generated.catalog, engine);
  t.strictSame(live.differences.map(formatProblem), []);
  t.equal(live.compared, generated.catalog.procedures.length);
  for (const note of live.notes) t.comment(formatProblem(note));
});
