import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import type { ProcessResults } from '../../runner/results.js';
import { runCarril } from '../testing/index.js';
import { expectedOf, inMoney } from './support.js';

// a home of its own, with a space in it: the demo makes its server from nothing
const home = mkdtempSync(join(tmpdir(), 'carril demo '));
const env = { CARRIL_HOME: home };
t.teardown(async () => {
  await runCarril(['db', 'stop'], { env });
  rmSync(home, { recursive: true, force: true });
});

const dates = [
  ...['2021-04-26', '2021-04-27', '2021-04-28', '2021-04-29', '2021-04-30'],
  ...['2021-05-03', '2021-05-04', '2021-05-05', '2021-05-06', '2021-05-07'],
];

t.test('the demo, twice: exit 0, under a minute, every figure as in the files', async (t) => {
  for (const time of ['first', 'again']) {
    const begun = performance.now();
    // whatever database is set, the demo takes the embedded one
    const demo = await runCarril(['demo'], {
      env: { ...env, CARRIL_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
    });
    t.equal(demo.code, 0, demo.stderr);
    t.ok(performance.now() - begun < 60_000, `${time}: under 60 s`);
    for (const date of dates) {
      const expected = [...expectedOf(date).values()];
      const cents = expected.reduce((sum, { total }) => sum + BigInt(total.replace('.', '')), 0n);
      const lines = expected.reduce((sum, fund) => sum + fund.lines, 0);
      const row = new RegExp(
        `^${date} +\\d+ +COMPLETADO +6 +${lines} +${inMoney(cents).replace('.', '\\.')} +\\d`,
        'm',
      );
      t.match(demo.stdout, row, `${time}: ${date}`);
    }
    for (const [fund, { lines, cashLines, total }] of expectedOf('2021-05-07')) {
      const row = new RegExp(
        `^${fund} +\\d+ +COMPLETADO +${lines} +${cashLines} +${total.replace('.', '\\.')} +100\\.00 `,
        'm',
      );
      t.match(demo.stdout, row, `${time}: ${fund}`);
    }
  }
});

t.test('its results afterwards', async (t) => {
  const { code, stdout, stderr } = await runCarril(['results', '--date', '2021-05-07', '--json'], { env });
  t.equal(code, 0, stderr);
  const results = JSON.parse(stdout) as ProcessResults;
  const expected = expectedOf('2021-05-07');
  t.same(
    results.funds.map(({ fund, lines, cash_lines, total_value }) => [fund, lines, cash_lines, total_value]),
    [...expected].map(([fund, it]) => [fund, it.lines, it.cashLines, it.total]).sort(),
  );
});
