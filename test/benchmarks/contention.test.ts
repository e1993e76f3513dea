import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import type { Recording } from '../../benchmarks/recording.js';
import { freshDatabase, runCarril } from '../testing/index.js';

const { engine, env, dialect } = await freshDatabase(t, { migrated: false });

t.test(
  'both sides, recorded: nothing between the lanes of the new one, and nothing left behind',
  async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'carril-recordings-'));
    const load = ['--funds', '6', '--lanes', '6', '--positions', '40', '--rounds', '1'];
    const run = await runCarril(['bench', 'record', '--label', 'small', '--dir', dir, ...load, '--json'], {
      env,
    });
    t.equal(run.code, 0, run.stderr);
    const recording = JSON.parse(run.stdout) as Recording;
    t.match(recording, { schema: 1, label: 'small', data: { funds: 6, lanes: 6, positions: 40, seed: 7 } });
    t.match(recording.migration, /^\d{3}_/);
    const sides = recording.rounds.map(({ architecture }) => architecture);
    t.same(sides, ['LEGADO', 'JERARQUICA']);
    for (const round of recording.rounds) {
      t.match(
        round,
        { round: 1, deadlocks: 0, retries: 0, state: 'COMPLETADO', errors: {} },
        round.architecture,
      );
      t.ok(round.makespan_ms > 0 && round.funds_per_hour > 0);
      t.same(Object.keys(round.services).sort(), [
        'CAPM',
        'Derivados',
        'IPA',
        'PNL',
        'PosModRF',
        'SONA',
        'UBS',
      ]);
    }
    const [old, now] = recording.rounds;
    t.match(
      Object.keys(old?.procedures ?? {}),
      /sp_Contar_Fondos_Legado/,
      'the old way is the product itself',
    );
    t.match(Object.keys(now?.procedures ?? {}), /sp_Completar_Ejecucion/);
    if (dialect === 'postgres') {
      t.equal(now?.lock_waits, 0);
      t.equal(now?.lock_escalations, 'none by design');
      const [legacy, hierarchical] = recording.census;
      // six funds of forty positions in one statement, and each fund's own
      t.match(legacy, { architecture: 'LEGADO', largest_statement_rows: 240, statements_of_5000: 0 });
      t.ok((hierarchical?.largest_statement_rows ?? 999) <= 40 + 10, String(hierarchical?.largest_statement));
    }
    const names = await engine.query(
      dialect === 'postgres'
        ? "SELECT datname FROM pg_database WHERE datname LIKE 'carril\\_bench\\_%'"
        : "SELECT name FROM sys.databases WHERE name LIKE 'carril[_]bench[_]%'",
    );
    t.same(names, [], 'no scratch database is left');

    const [shown, again] = await Promise.all([
      runCarril(['bench', 'show', 'small', '--dir', dir]),
      runCarril(['bench', 'record', '--label', 'small', '--dir', dir, ...load], { env }),
    ]);
    t.match(shown.stdout, /makespan_ms/);
    t.match([again.code, again.stderr], [1, /small\.json exists/], 'before anything is measured');
  },
);

t.test('wrong use', async (t) => {
  const [attach, both] = await Promise.all([
    runCarril(['bench', 'record', '--label', 'x', '--attach'], { env }),
    runCarril(['bench', 'contention', '--rounds', '1', '--minutes', '1'], { env }),
  ]);
  t.match([attach.code, attach.stderr], [2, /--minutes/]);
  t.equal(both.code, 2);
});
