/** Scripts that cannot run in a transaction: each statement for good, and a retry goes on where it stopped. */
import t from 'tap';
import type { Test } from 'tap';

import type { Engine } from '../../engine/index.js';
import type { MigratorEvent } from '../../migrator/index.js';
import { runCarril, waitUntil } from '../testing/index.js';
import { emptyDatabase, errorOf, newProject, onPostgres, publicTables, spawnUp } from './support.js';

t.setTimeout(180_000);

const header = '-- carril: sin transaccion\n';
const concurrently = (name: string, column: string) =>
  `CREATE INDEX CONCURRENTLY ${name} ON public.datos (${column});\n`;

async function prepared(t: Test) {
  const db = await emptyDatabase(t);
  const { engine } = db;
  const project = newProject(t);
  project.migration(
    '001_datos',
    'CREATE TABLE public.datos (a int, b int); INSERT INTO public.datos SELECT i, i % 7 FROM generate_series(1, 500) i; ANALYZE public.datos;',
  );
  const steps: string[] = [];
  const onProgress = (event: MigratorEvent) => {
    if (event.kind === 'step') steps.push(`${event.phase} ${event.statement}`);
  };
  const migrator = project.migrator(engine, { onProgress });
  await migrator.up();
  return { db, engine, project, migrator, steps };
}

async function indexes(engine: Engine): Promise<string[]> {
  const rows = await engine.query(
    `SELECT c.relname || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END AS x FROM pg_index i
       JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 'public.datos'::regclass ORDER BY 1`,
  );
  return rows.map((row) => String(row['x']));
}

onPostgres('a failure in the middle: what was done stays, the retry goes on there', async (t) => {
  const { db, engine, project, migrator, steps } = await prepared(t);
  project.migration(
    '002_indices',
    `${header}SET lock_timeout = '5s';\n${concurrently('ix_a', 'a')}CREATE UNIQUE INDEX CONCURRENTLY ix_b ON public.datos (b);\n${concurrently('ix_ab', 'a, b')}`,
    `${header}DROP INDEX CONCURRENTLY IF EXISTS public.ix_ab;\nDROP INDEX CONCURRENTLY IF EXISTS public.ix_b;\nDROP INDEX CONCURRENTLY IF EXISTS public.ix_a;`,
  );
  t.match((await migrator.plan()).migrations, [
    {
      transaction: false,
      statements: 4,
      done: 0,
      tables: [{ name: 'public.datos', access: 'online', rows: 500n }],
    },
  ]);
  const error = await errorOf(migrator.up());
  t.match(error.message, /002_indices\.up\.sql:4:1: could not create unique index "ix_b"/);
  t.same(await indexes(engine), ['ix_a', 'ix_b invalid'], 'as PostgreSQL leaves it');
  t.match((await migrator.status()).migrations[1], {
    state: 'pending',
    halfDone: { part: 'up', statements: 1 },
  });
  t.match((await migrator.status()).failures, [{ name: '002_indices', statement: 3, sqlState: '23505' }]);
  t.match((await migrator.plan()).migrations, [{ done: 1, failure: { statement: 3 } }]);
  t.match(await errorOf(migrator.down()), { code: 'HALF_DONE', message: /002 .*half applied/ });
  t.ok((await publicTables(engine)).includes('datos'), 'and 001 was not reverted under it');

  await engine.batch('UPDATE public.datos SET b = a');
  steps.length = 0;
  t.equal((await migrator.up()).level, 2);
  t.same(steps, ['skipped 2', 'cleaned 3', 'done 3', 'done 4']);
  t.same(await indexes(engine), ['ix_a', 'ix_ab', 'ix_b']);
  t.same(await engine.query('SELECT * FROM carril.pasos'), [], 'its steps went with its row');
  t.same((await migrator.status()).failures, []);

  t.equal((await migrator.down()).level, 1);
  t.same(await indexes(engine), []);
  const shown = await runCarril(['migrate', 'history', '--json'], { env: db.env });
  t.match(JSON.parse(shown.stdout), {
    history: [{}, { event: 'failed' }, { event: 'applied' }, { event: 'reverted' }],
  });
});

onPostgres('a script that was changed on the way is refused, and told how to go on', async (t) => {
  const { engine, project, migrator } = await prepared(t);
  const first = `${header}${concurrently('ix_a', 'a')}`;
  project.migration('002_indices', `${first}CREATE INDEX CONCURRENTLY ix_b ON public.datos (no_existe);\n`);
  await errorOf(migrator.up());
  project.write('migrations/002_indices.up.sql', `${first}${concurrently('ix_b', 'b')}`);
  const error = await errorOf(migrator.up());
  t.equal(error.code, 'HALF_DONE');
  t.match(
    error.message,
    /changed after 1 of its statements.*same in the new text.*--resume-at 2 --migration 2/,
  );
  t.same(await indexes(engine), ['ix_a'], 'nothing was run');
  t.match(await errorOf(migrator.repair({ reason: ' ', migration: 2, resumeAt: 2 })), { name: 'UsageError' });
  t.match(await errorOf(migrator.repair({ reason: 'x', migration: 2, resumeAt: 9 })), { name: 'UsageError' });
  t.match(await errorOf(migrator.repair({ reason: 'x', migration: 1, resumeAt: 1 })), { code: 'HALF_DONE' });
  t.match(await migrator.repair({ reason: 'la columna se llama b', migration: 2, resumeAt: 2 }), [
    { action: 'resumed' },
  ]);
  await migrator.up();
  t.same(await indexes(engine), ['ix_a', 'ix_b']);
  t.match(
    (await migrator.history()).find((one) => one.entry === 'event' && one.event === 'restarted'),
    { reason: /up goes on at statement 2: la columna/ },
  );

  project.migration('003_otra', `${header}CREATE TABLE public.x (a int);\nSELECT 1/0;`);
  await errorOf(migrator.up());
  project.write('migrations/003_otra.up.sql', `${header}CREATE TABLE public.y (a int);\nSELECT 1;`);
  t.match((await errorOf(migrator.up())).message, /Statement 1 is another now.*--resume-at 1/);
  await migrator.repair({ reason: 'deshecho a mano', migration: 3, resumeAt: 1 });
  await migrator.up();
  t.ok((await publicTables(engine)).includes('y'));
});

onPostgres(
  'killed while it builds an index: its session is waited for, and what it did counts',
  async (t) => {
    const { db, engine, project, migrator, steps } = await prepared(t);
    project.migration(
      '002_indices',
      `${header}${concurrently('ix_a', 'a')}${concurrently('ix_b', 'b')}${concurrently('ix_ab', 'a, b')}`,
    );
    // an index that is built concurrently waits for whoever writes the table, so it is caught in the middle
    await engine.connection(async (writer) => {
      const child = await writer.query('SELECT 1').then(() => spawnUp(t, db, project));
      await child.event(
        (event) => event['kind'] === 'step' && event['statement'] === 1 && event['phase'] === 'done',
      );
      await writer.batch('BEGIN; UPDATE public.datos SET b = b WHERE a = 1');
      await waitUntil('the second or third index waits for the writer', async () => {
        const rows = await engine.query(
          `SELECT 1 AS x FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'CREATE INDEX%'`,
        );
        return rows.length > 0;
      });
      child.process.kill('SIGKILL');
      await child.ended;
      const next = migrator.up();
      await waitUntil('the next migrator waits for the orphan', () => steps.includes('waiting 0'));
      await writer.batch('COMMIT');
      t.equal((await next).level, 2);
    });
    t.same(await indexes(engine), ['ix_a', 'ix_ab', 'ix_b'], 'each once, each valid');
    t.same(
      steps.filter((step) => step.startsWith('cleaned')),
      [],
      'what the orphan built was not built again',
    );
    t.same(await engine.query('SELECT * FROM carril.pasos'), []);
  },
);

onPostgres('killed with its session: the invalid index is removed and built again', async (t) => {
  const { db, engine, project, migrator, steps } = await prepared(t);
  project.migration('002_indices', `${header}${concurrently('ix_a', 'a')}${concurrently('ix_b', 'b')}`);
  await engine.connection(async (writer) => {
    await writer.batch('BEGIN; UPDATE public.datos SET b = b WHERE a = 1');
    const child = spawnUp(t, db, project);
    const [backend] = await waitUntil('the index waits for the writer', async () => {
      const rows = await engine.query(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'CREATE INDEX%'`,
      );
      return rows.length > 0 && rows;
    });
    child.process.kill('SIGKILL');
    await child.ended;
    await engine.query('SELECT pg_terminate_backend($1)', [Number(backend?.['pid'])]);
    await writer.batch('COMMIT');
  });
  await migrator.up();
  t.same(steps, ['cleaned 1', 'done 1', 'done 2']);
  t.same(await indexes(engine), ['ix_a', 'ix_b']);
});

onPostgres('when nobody can tell whether a statement took effect, a person is asked', async (t) => {
  const { db, engine, project, migrator } = await prepared(t);
  project.migration('002_sube', `${header}UPDATE public.datos SET b = b + 1;\nSELECT 1;`);
  await engine.connection(async (writer) => {
    await writer.batch('BEGIN; LOCK TABLE public.datos IN SHARE MODE');
    const child = spawnUp(t, db, project);
    await waitUntil('the update waits', async () => {
      const rows = await engine.query(
        `SELECT 1 AS x FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE%'`,
      );
      return rows.length > 0;
    });
    child.process.kill('SIGKILL');
    await child.ended;
    await writer.batch('COMMIT');
  });
  const error = await errorOf(migrator.up());
  t.equal(error.code, 'HALF_DONE');
  t.match(error.message, /002_sube\.up\.sql:2: nobody knows.*--resume-at 2 --migration 2.*--resume-at 1/s);
  await migrator.repair({ reason: 'si, sumo', migration: 2, resumeAt: 2 });
  await migrator.up();
  const [row] = await engine.query('SELECT sum(b - a % 7)::int AS n FROM public.datos');
  t.equal(row?.['n'], 500, 'once, not twice');
});

onPostgres(
  'settings hold for the statements after them, on a retry too; transactions are refused',
  async (t) => {
    const { engine, project, migrator } = await prepared(t);
    project.migration(
      '002_rol',
      `${header}SET ROLE pg_database_owner;\nCREATE TABLE public.primera (a int);\nSELECT * FROM public.mas_tarde;\nCREATE TABLE public.segunda (a int);\n`,
    );
    await engine.batch('GRANT CREATE ON SCHEMA public TO pg_database_owner');
    await errorOf(migrator.up());
    await engine.batch('CREATE TABLE public.mas_tarde (a int); GRANT SELECT ON public.mas_tarde TO PUBLIC');
    await migrator.up();
    t.same(
      await engine.query(
        `SELECT tablename::text AS t, tableowner::text AS o FROM pg_tables WHERE tablename IN ('primera', 'segunda') ORDER BY 1`,
      ),
      [
        { t: 'primera', o: 'pg_database_owner' },
        { t: 'segunda', o: 'pg_database_owner' },
      ],
    );
    project.migration('003_tx', `${header}CREATE TABLE public.z (a int);\nBEGIN;\nSELECT 1;\nCOMMIT;`);
    t.match((await errorOf(migrator.up())).message, /003_tx\.up\.sql:3:1: BEGIN cannot stand/);
    t.notOk((await publicTables(engine)).includes('z'), 'before its first statement');
    project.write('migrations/003_tx.up.sql', `${header}SET LOCAL ROLE pg_monitor;`);
    t.match((await errorOf(migrator.up())).message, /SET LOCAL has no effect/);
  },
);
