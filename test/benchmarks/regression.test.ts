/** A procedure that forgets whose rows are its own: the recordings before and after must tell. */
import t from 'tap';

import { compare } from '../../benchmarks/compare.js';
import { date, measure } from '../../benchmarks/contention/contention.js';
import type { Recording } from '../../benchmarks/recording.js';
import { surroundings } from '../../benchmarks/record.js';
import { writeSynthetic } from '../../runner/cli/commands/load/synthetic.js';
import { createOutput } from '../../runner/cli/output.js';
import { freshDatabase } from '../testing/index.js';
import { thorough } from '../testing/thorough.js';

const { engine, target, dialect } = await freshDatabase(t);
const out = createOutput({ json: true, quiet: true });
const data = { funds: 12, positions: 100, seed: 7 };

async function recorded(label: string): Promise<Recording> {
  const load = { ...data, lanes: [12], rounds: 5, minutes: undefined, stopping: () => false };
  const rounds = await measure(engine, target, { ...load, architectures: ['JERARQUICA'] }, out);
  const more = { label, schema: 1, benchmark: 'contention', migration: '', data } as const;
  return { ...more, ...(await surroundings(engine)), ...rounds };
}

/** The first step of IPA deletes every row of its table that it sees, instead of its fund's, and holds them to the end. */
async function forgetWhose(): Promise<void> {
  const [row] = await engine.query(
    "SELECT pg_get_functiondef('staging.ipa_01_rescatarlocalprice_v2'::regproc) AS text",
  );
  const text = String(row?.['text']);
  const broken = text.replace('WHERE w.ID_Ejecucion = p_ID_Ejecucion AND w.ID_Fund = p_ID_Fund;', ';');
  if (broken === text) throw new Error('the predicate is not where it was');
  await engine.batch(broken);
}

// twelve runs of twelve funds: some twenty seconds
const skip = thorough ? false : 'CARRIL_TEST_THOROUGH=1 runs it';
t.test(
  'a procedure that drops its predicate breaks a tolerance, and is named with its table',
  { skip },
  async (t) => {
    if (dialect !== 'postgres') {
      t.pass('the function that is broken is PostgreSQL');
      return;
    }
    await writeSynthetic(engine, { ...data, date, dates: 1 }, out);
    const good = await recorded('good');
    await forgetWhose();
    const bad = await recorded('bad');
    const { broken, judged, waits } = compare(good, bad);
    t.ok(broken, JSON.stringify(judged));
    t.match(
      waits.find(({ table }) => table === 'staging.ipa_worktable'),
      { a: 0, procedures: [/^logs\.sp_Ejecutar_Servicio$/i] },
      JSON.stringify(waits),
    );
  },
);
