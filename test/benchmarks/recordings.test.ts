/** Recordings of all benchmarks: read alike, compared or refused, and the README's table made of them. No benchmark is run. */
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import { compareFigures } from '../../benchmarks/compare-figures.js';
import type { Figure } from '../../benchmarks/figure.js';
import { resultsFolder } from '../../benchmarks/options.js';
import { withTable } from '../../benchmarks/readme-table.js';
import { listRecordings, readRecorded, readRecording, saveRecording } from '../../benchmarks/recording.js';
import type { Recorded } from '../../benchmarks/recording.js';
import { packageRoot } from '../../engine/index.js';
import { runCarril } from '../testing/index.js';

const speed = (rounds: readonly number[], more: Partial<Figure> = {}): Figure => ({
  name: 'carril, 50 a call',
  unit: 'chunks/s',
  better: 'higher',
  rounds,
  headline: true,
  ...more,
});
const cost = (rounds: readonly number[]): Figure => ({
  ...{ name: 'cost', unit: '%', better: 'lower', goal: 3, tolerated: 3, rounds },
});

function recorded(label: string, figures: readonly Figure[], more: Partial<Recorded> = {}): Recorded {
  return {
    ...{ schema: 1, label, benchmark: 'leases', at: `2026-11-28T10:00:00.000Z`, migration: '025_x' },
    machine: { cpu: 'c', cores: 2, memory_gb: 8, os: 'linux' },
    versions: { carril: '0.1.0', node: '20', database: 'PostgreSQL 18' },
    data: { chunks: 20_000, connections: 8, services: ['IPA', 'PNL'] },
    figures,
    ...more,
  };
}

const five = (middle: number) => [0.98, 1, 1.01, 0.99, 1.02].map((factor) => middle * factor);

t.test('the README has the table that the recordings yield', async (t) => {
  const recordings = listRecordings(resultsFolder());
  const readme = readFileSync(join(packageRoot(), 'README.md'), 'utf8');
  t.equal(
    await withTable(readme, recordings),
    readme,
    'npm run bench -- --table writes it anew from benchmarks/results',
  );
  await t.rejects(withTable('# carril\n', recordings), /README\.md has no/);
});

t.test('every file of benchmarks/results is a recording, of before there were figures too', (t) => {
  const there = listRecordings(resultsFolder());
  t.same(
    there.map(({ file }) => file).sort(),
    readdirSync(resultsFolder())
      .filter((name) => name.endsWith('.json'))
      .sort(),
  );
  for (const { file, figures } of there) {
    t.ok(figures.length > 0, file);
    for (const { name, rounds } of figures)
      t.ok(rounds.length > 0 && rounds.every(Number.isFinite), `${file}: ${name}`);
  }
  t.end();
});

t.test('figures are judged by the recording before, or by their own bound', (t) => {
  const a = recorded('a', [speed(five(30_000)), cost(five(2)), speed([1, 2], { name: 'few' })]);
  const verdicts = (figures: readonly Figure[]) =>
    Object.fromEntries(
      compareFigures(a, recorded('b', figures)).judged.map(({ measure, verdict }) => [measure, verdict]),
    );
  t.same(verdicts([speed(five(31_000)), cost(five(2.5)), speed([1], { name: 'few' })]), {
    'carril, 50 a call (chunks/s)': 'goal',
    'cost (%)': 'goal',
  });
  t.equal(verdicts([speed(five(27_000))])['carril, 50 a call (chunks/s)'], 'tolerated');
  t.equal(verdicts([speed(five(20_000))])['carril, 50 a call (chunks/s)'], 'broken', 'by a fifth at most');
  t.equal(verdicts([cost(five(4))])['cost (%)'], 'broken');
  t.equal(verdicts([cost([-5, 2, 9, 4, 3])])['cost (%)'], 'unsure', 'a part of the interval is within');
  t.ok(compareFigures(a, recorded('b', [speed(five(20_000))])).broken);
  t.end();
});

t.test('what cannot be compared is refused, with every reason', (t) => {
  const a = recorded('a', [speed(five(30_000))]);
  const refused = (b: Recorded, message: RegExp) => {
    t.throws(() => compareFigures(a, b), { code: 'INCOMPARABLE', message });
  };
  const other = recorded('b', [speed(five(1))], {
    data: { chunks: 1000, connections: 8, services: ['IPA'] },
    machine: { ...a.machine, cores: 4 },
  });
  refused(other, /chunks: 20000 and 1000; services: IPA, PNL and IPA; machine/);
  refused(recorded('b', [cost(five(1))], { benchmark: 'trace' }), /benchmark: leases and trace/);
  refused(recorded('b', [cost(five(1))]), /they have no figure in common/);
  refused(recorded('b', [speed([1, 2])]), /no figure has 5 rounds in both \(a has 5, b has 2\)/);
  refused(a, /it is one recording of one side/);
  t.end();
});

t.test('the commands understand them: list, show, compare, history', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'carril-recordings-'));
  saveRecording(dir, recorded('before', [speed(five(30_000), { goal: 40_000 })]));
  saveRecording(
    dir,
    recorded('after', [speed(five(20_000))], { at: '2026-11-29T10:00:00.000Z', migration: '026_y' }),
  );
  // as the single benchmarks wrote them once
  writeFileSync(
    join(dir, 'payroll-old.json'),
    JSON.stringify({
      benchmark: 'payroll',
      ...{ at: '2026-11-27T10:00:00.000Z', machine: {}, versions: {}, data: { runs: 1, seed: 7 } },
      rows: [
        { employees: 50, how: '2 lanes', all_s: [2, 4] },
        { employees: 50, how: 'one statement', all_s: [1, 2] },
      ],
    }),
  );
  writeFileSync(join(dir, 'other.json'), '{"x": 1}');
  const bench = (...args: string[]) => runCarril(['bench', ...args, '--dir', dir]);
  const [list, show, compare, history] = await Promise.all([
    bench('list', '--json'),
    bench('show', 'before'),
    bench('compare', 'before', 'after'),
    bench('history', '--benchmark', 'leases'),
  ]);
  t.match(JSON.parse(list.stdout), {
    recordings: [{ label: 'after' }, { label: 'before' }, { label: 'payroll-old', figures: 3 }],
  });
  t.match(show.stdout, /^carril, 50 a call +chunks\/s +30,000 +29,400 to 30,600 +5 +≥ 40,000 +missed/m);
  t.equal(compare.code, 1, compare.stderr);
  t.match(compare.stdout, /^carril, 50 a call \(chunks\/s\) +30000 +20000 +67 % .*≥ 83 % +broken/m);
  t.match(history.stdout, /2026-11-28T10:00 +025_x .*\n.*2026-11-29T10:00 +026_y .* 20,000 chunks\/s/);
  const { data, migration, figures } = readRecorded(dir, 'payroll-old');
  t.same([data, migration], [{ seed: 7 }, 'not recorded'], 'how often is no part of what was run');
  t.match(figures, [{ rounds: [2, 4] }, { rounds: [50, 50], unit: '%' }, { rounds: [1, 2] }]);
  t.throws(() => readRecording(dir, 'before'), { code: 'BAD_FILE', message: /a recording of leases/ });
  t.throws(() => readRecorded(dir, 'nothing'), { code: 'NOT_FOUND', message: /after, before/ });
});
