import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import { compare } from '../../benchmarks/compare.js';
import type { Round } from '../../benchmarks/contention/model.js';
import type { Recording } from '../../benchmarks/recording.js';
import { saveRecording } from '../../benchmarks/recording.js';
import { ratioInterval } from '../../benchmarks/statistics.js';
import { readTolerances } from '../../benchmarks/tolerances.js';
import { runCarril } from '../testing/index.js';
import { recording, rounds } from './recordings.js';

const verdicts = (comparison: ReturnType<typeof compare>) =>
  Object.fromEntries(comparison.judged.map(({ measure, verdict }) => [measure, verdict]));

t.test('a rollout by the documents: goal, tolerated, broken, and not sure', (t) => {
  const before = recording('before', rounds('LEGADO', 2500));
  const after = (ms: number, more: Partial<Round> = {}) =>
    compare(before, recording('after', rounds('JERARQUICA', ms, more)));
  t.match(verdicts(after(950)), { makespan_ms: 'goal', funds_per_hour: 'goal', deadlocks: 'goal' });
  t.match(verdicts(after(1300)), { makespan_ms: 'tolerated', funds_per_hour: 'tolerated' });
  t.match(verdicts(after(2300)), { makespan_ms: 'broken', funds_per_hour: 'broken' });
  t.match(verdicts(after(1500)), { makespan_ms: 'unsure' }, 'only part of the interval is outside');
  t.notOk(after(1500).broken);
  t.ok(after(2300).broken);
  t.equal(verdicts(after(950, { deadlocks: 1 }))['deadlocks'], 'tolerated');
  t.equal(verdicts(after(950, { deadlocks: 2 }))['deadlocks'], 'broken');
  t.equal(verdicts(after(950, { error_3998: 1 }))['error_3998'], 'broken', 'no such error is borne');
  t.equal(verdicts(after(950, { lock_escalations: 'none by design' }))['lock_escalations'], 'not measured');
  const one = rounds('JERARQUICA', 950).map((it, i) => ({ ...it, deadlocks: i === 0 ? 9 : 0 }));
  t.not(verdicts(compare(before, recording('after', one)))['deadlocks'], 'broken', 'one round is not a run');
  t.end();
});

t.test('a regression of one architecture names the procedure and the table', (t) => {
  const procedures = (ms: number) => ({
    'logs.sp_Ejecutar_Servicio': { calls: 350, total_ms: 1, p50_ms: ms, p95_ms: ms, p99_ms: ms, max_ms: ms },
    'logs.sp_Completar_Ejecucion': { calls: 50, total_ms: 1, p50_ms: 2, p95_ms: 2, p99_ms: 2, max_ms: 2 },
  });
  const tables = [
    {
      table: 'staging.IPA_Final',
      waits: 40,
      wait_ms: 900,
      escalations: 0,
      procedures: ['logs.sp_x'],
      more: {},
    },
  ];
  const good = recording('good', rounds('JERARQUICA', 1000, { procedures: procedures(10) }));
  const bad = recording('bad', rounds('JERARQUICA', 2500, { procedures: procedures(60), tables }));
  const comparison = compare(good, bad);
  t.ok(comparison.broken);
  t.match(comparison.slower, [{ procedure: 'logs.sp_Ejecutar_Servicio', a_ms: 10, b_ms: 60, times: 6 }]);
  t.match(comparison.waits, [{ table: 'staging.IPA_Final', a: 0, b: 40, procedures: ['logs.sp_x'] }]);
  const inside = (self_ms: number) => ({ 'staging.ipa_03_final': { calls: 10, self_ms } });
  t.match(
    compare(
      recording('a', rounds('JERARQUICA', 1000, { functions: inside(20) })),
      recording('b', rounds('JERARQUICA', 1000, { functions: inside(90) })),
    ).slower,
    [{ procedure: 'staging.ipa_03_final', a_ms: 2, b_ms: 9 }],
    'inside a call',
  );
  t.notOk(compare(good, recording('again', rounds('JERARQUICA', 1050))).broken, 'as before');
  t.end();
});

t.test('a recording of both sides compares with itself, and with another by what both have', (t) => {
  const both = recording('both', [...rounds('LEGADO', 2500), ...rounds('JERARQUICA', 900)]);
  t.match(compare(both, both), {
    a: { architecture: 'LEGADO' },
    b: { architecture: 'JERARQUICA' },
    broken: false,
  });
  const later = recording('later', rounds('JERARQUICA', 900));
  t.match(compare(both, later), {
    a: { architecture: 'JERARQUICA', rounds: 5 },
    b: { architecture: 'JERARQUICA' },
  });
  t.end();
});

t.test('what cannot be compared is refused, with every reason', (t) => {
  const a = recording('a', rounds('LEGADO', 2500));
  const refused = (b: Recording, reason: RegExp) => {
    t.throws(() => compare(a, b), { code: 'INCOMPARABLE', message: reason });
  };
  refused(recording('b', rounds('JERARQUICA', 900).slice(1)), /b has 4 rounds, 5 are needed/);
  const other = { data: { ...a.data, lanes: 8, funds: 10 }, machine: { ...a.machine, cores: 4 } };
  refused(recording('b', rounds('JERARQUICA', 900), other), /funds: 50 and 10; lanes: 50 and 8; machine/);
  refused(
    recording('b', rounds('ATTACHED', 900), { benchmark: 'attached' }),
    /benchmark: contention and attached/,
  );
  const versions = { ...a.versions, database: 'SQL Server 2022' };
  refused(
    recording('b', rounds('JERARQUICA', 900), { versions }),
    /database server: PostgreSQL 18 and SQL Server/,
  );
  t.end();
});

t.test('an interval is of the ratio, and the same each time', (t) => {
  const [a, b] = [
    [100, 102, 98, 101, 99],
    [50, 51, 49, 50, 50],
  ];
  const interval = ratioInterval(a, b);
  t.same(interval, ratioInterval(a, b));
  t.equal(interval?.median, 0.5);
  t.ok((interval?.low ?? 1) <= 0.5 && (interval?.high ?? 0) >= 0.5 && (interval?.high ?? 1) < 0.53);
  t.equal(ratioInterval([0, 0, 0], [1, 1, 1]), undefined);
  t.end();
});

t.test('tolerances of a file', (t) => {
  const base = [{ measure: 'deadlocks', kind: 'absolute', better: 'lower', goal: 0, tolerated: 1 }] as const;
  const own =
    '{ "deadlocks": null, "retries": { "kind": "absolute", "better": "lower", "goal": 0, "tolerated": 3 } }';
  t.same(
    readTolerances(own, 'f.json', base).map(({ measure, tolerated }) => [measure, tolerated]),
    [['retries', 3]],
  );
  for (const bad of ['[]', '{', '{"x": 1}', '{"x": {"kind": "absolute", "better": "lower", "goal": "0"}}'])
    t.throws(() => readTolerances(bad, 'f.json', base), /f\.json/);
  t.end();
});

t.test('the command: the table, exit 1 when broken, 1 and the reasons when refused', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'carril-recordings-'));
  saveRecording(dir, recording('before', rounds('LEGADO', 2500)));
  saveRecording(dir, recording('after', rounds('JERARQUICA', 2300)));
  saveRecording(dir, recording('short', rounds('JERARQUICA', 900).slice(2)));
  writeFileSync(
    join(dir, 'own.json'),
    JSON.stringify({
      makespan_ms: { kind: 'relative', better: 'lower', goal: 1, tolerated: 2 },
      funds_per_hour: null,
    }),
  );
  t.throws(() => saveRecording(dir, recording('after', [])), /another --label/);
  const bench = (...args: string[]) => runCarril(['bench', ...args, '--dir', dir]);
  const [broken, kept, refused, list] = await Promise.all([
    bench('compare', 'before', 'after'),
    bench('compare', 'before', 'after', '--tolerances', join(dir, 'own.json'), '--json'),
    bench('compare', 'before', 'short'),
    bench('list', '--json'),
  ]);
  t.equal(broken.code, 1, broken.stderr);
  t.match(broken.stdout, /^makespan_ms +2500 +2300 +92 % \(.*≤ 40 % +≤ 60 % +broken/m);
  t.match(broken.stderr, /^broken: makespan_ms/m);
  t.equal(kept.code, 0, kept.stderr);
  t.match((JSON.parse(kept.stdout) as ReturnType<typeof compare>).broken, false);
  t.match([refused.code, refused.stderr], [1, /short has 3 rounds/]);
  t.match(JSON.parse(list.stdout), { recordings: [{ label: /./ }, {}, {}] });
});
