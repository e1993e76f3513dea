import t from 'tap';

import { runCarril, spawnCarril, waitUntil } from '../testing/index.js';
import { emptyDatabase, newProject, onPostgres } from './support.js';

t.setTimeout(180_000);

void t.test('migrate up, status, verify, down; exit codes and JSON', async (t) => {
  const db = await emptyDatabase(t);
  const carril = (args: string[]) => runCarril(args, { env: db.env });
  const project = newProject(t);
  const sitio = ['--migrations', project.migrations];
  project.migration('009_sitio', 'CREATE SCHEMA sitio;', 'DROP SCHEMA sitio;');

  const up = await carril(['migrate', 'up', '--to', '9', ...sitio]);
  t.match(up, { code: 0, stderr: '' });
  t.match(up.stdout, /applied 008_\w+ \(\d+ ms\)\napplied 009_sitio \(\d+ ms\)\n/, 'interleaved by number');
  t.match(up.stdout, /is at 009: 9 migrations applied/);

  const again = JSON.parse(
    (await carril(['migrate', 'up', '--to', '9', '--json', ...sitio])).stdout,
  ) as object;
  t.match(again, { level: 9, applied: [], procedures: [] });

  const status = await carril(['migrate', 'status', '--json', ...sitio]);
  t.match(JSON.parse(status.stdout), {
    dialect: 'postgres',
    level: 9,
    migrations: [
      { number: 1, name: '001_esquemas', state: 'applied', applied_at: /^\d{4}-.*Z$/, problems: [] },
    ],
    lock: null,
  });
  t.match((await carril(['migrate', 'status', ...sitio])).stdout, /009_sitio +applied/);

  t.match(await carril(['migrate', 'verify', ...sitio]), {
    code: 0,
    stdout: /9 of 9 migrations verified/,
  });
  project.write('migrations/009_sitio.verify.sql', `SELECT 2;`);
  const failed = await carril(['migrate', 'verify', '--json', ...sitio]);
  t.equal(failed.code, 1);
  t.match(JSON.parse(failed.stdout), { ok: false });

  const changed = await carril(['migrate', 'up', ...sitio]);
  t.match(changed, { code: 1, stderr: /009_sitio\.verify\.sql was changed/ });
  const json = await carril(['migrate', 'up', '--json', ...sitio]);
  t.match(JSON.parse(json.stderr), { error: { code: 'FILE_CHANGED', number: 0 } });

  project.migration('009_sitio', 'CREATE SCHEMA sitio;', 'DROP SCHEMA sitio;');
  t.match(await carril(['migrate', 'up']), {
    code: 1,
    stderr: /009_sitio was applied, but its files are gone/,
  });
  t.match(await carril(['migrate', 'down', ...sitio]), {
    code: 0,
    stdout: /is at 008: 1 migrations reverted/,
  });
});

void t.test('wrong use exits 2, help shows an example', async (t) => {
  const db = await emptyDatabase(t);
  const carril = (args: string[]) => runCarril(args, { env: db.env });
  for (const args of [
    ['up', '--to', 'x'],
    ['up', '--to', '1.5'],
    ['down', '--to', '-1'],
    ['up', '--to', '999'],
    ['up', '--lock-timeout', 'soon'],
    ['up', '--wait-for-migrator', 'soon'],
    ['sideways'],
    [],
    ['up', '--nonsense'],
    ['status', '--migrations', '/no/such'],
  ]) {
    const ran = await carril(['migrate', ...args]);
    t.equal(ran.code, 2, `migrate ${args.join(' ')}: ${ran.stderr}`);
  }
  for (const command of [
    [],
    ...[
      'plan',
      'up',
      'down',
      'status',
      'verify',
      'history',
      'new',
      'baseline',
      'repair',
      'drift',
      'doctor',
    ].map((one) => [one]),
  ]) {
    const ran = await carril(['migrate', ...command, '--help']);
    t.match(ran, { code: 0, stdout: /Examples:\n.*migrate/ }, command.join(' '));
  }
});

onPostgres('Ctrl-C within a migration rolls it back and exits 130', async (t) => {
  const db = await emptyDatabase(t);
  const project = newProject(t);
  project.migration('900_lenta', 'CREATE SCHEMA lenta; SELECT pg_sleep(60);');
  const began = Date.now();
  const running = spawnCarril(['migrate', 'up', '--migrations', project.migrations], { env: db.env });
  await waitUntil(
    'the slow migration',
    async () => {
      const rows = await db.engine.query(
        `SELECT 1 AS x FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
      );
      return rows.length > 0;
    },
    60_000,
  );
  running.kill('SIGINT');
  t.match(await running.done, { code: 130, stderr: /interrupted/ });
  t.ok(Date.now() - began < 50_000);
  t.same(await db.engine.query(`SELECT 1 AS x FROM pg_namespace WHERE nspname = 'lenta'`), []);
  t.same(await db.engine.query('SELECT * FROM carril.bloqueo'), []);
});
