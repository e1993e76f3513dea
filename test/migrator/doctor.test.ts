/** The doctor before databases that are ill in ways that real ones are. */
import t from 'tap';

import { connect } from '../../engine/index.js';
import { clockFinding, diagnose } from '../../migrator/doctor.js';
import type { CheckResult, Diagnosis } from '../../migrator/doctor.js';
import { asRole, freshDatabase, runCarril, waitUntil } from '../testing/index.js';
import { onPostgres } from './support.js';

t.setTimeout(240_000);

function ofState(diagnosis: Pick<Diagnosis, 'checks'>, state: CheckResult['state']): string[] {
  return diagnosis.checks.filter((one) => one.state === state).map(({ name, found }) => `${name}: ${found}`);
}

void t.test('a healthy database has no problem, and every complaint says what to do', async (t) => {
  const db = await freshDatabase(t);
  const diagnosis = await diagnose(db.engine);
  t.same(ofState(diagnosis, 'problem'), []);
  for (const one of diagnosis.checks) {
    t.equal(one.advice === undefined, one.state === 'ok', `${one.name}: ${one.found}`);
    t.notMatch(one.found, /could not be told/, one.name);
  }
  const ran = await runCarril(['migrate', 'doctor', '--json'], { env: db.env });
  t.equal(ran.code, 0, ran.stderr);
  t.match(JSON.parse(ran.stdout), { ok: true, problems: 0, dialect: db.dialect });
  t.match((await runCarril(['migrate', 'doctor'], { env: db.env })).stdout, /^ok +version +\S/m);
  const empty = await freshDatabase(t, { migrated: false });
  t.match(
    (await diagnose(empty.engine)).checks.find(({ name }) => name === 'journal'),
    {
      state: 'warning',
      advice: /carril migrate up.*baseline/,
    },
  );
});

onPostgres(
  'an idle transaction that holds a lock of ours is a problem, named, and gone with its session',
  async (t) => {
    const db = await freshDatabase(t);
    await db.engine.batch(
      `INSERT INTO trabajo.Trabajos (ID_Trabajo, Tipo) OVERRIDING SYSTEM VALUE VALUES (77, 'PRUEBA')`,
    );
    const other = await connect(db.target, { appName: 'olvidada', poolMax: 1 });
    t.teardown(() => other.close());
    await other.transaction(async (session) => {
      await session.query(`SELECT pg_advisory_xact_lock(hashtextextended('carril:trabajo:77', 0))::text`);
      const problems = await waitUntil('the doctor to see it', async () => {
        const found = ofState(await diagnose(db.engine), 'problem');
        return found.length > 0 && found;
      });
      t.equal(problems.length, 1);
      t.match(
        problems[0],
        /locks: session \d+ \(.*, olvidada\) holds carril:trabajo:77 and is idle in transaction for \d+ s/,
      );
      const ran = await runCarril(['migrate', 'doctor'], { env: db.env });
      t.match(ran, { code: 1, stdout: /problem +locks +session .*\n +→ .*pg_terminate_backend\(\d+\)/ });
    });
    t.same(ofState(await diagnose(db.engine), 'problem'), []);
  },
);

onPostgres('a transaction that is at work is not called idle', async (t) => {
  const db = await freshDatabase(t);
  const other = await connect(db.target, { poolMax: 1 });
  t.teardown(() => other.close());
  const [backend] = await other.query('SELECT pg_backend_pid() AS pid');
  const working = other.transaction(async (session) => {
    await session.query(`SELECT pg_advisory_xact_lock(hashtextextended('carril:chunk:1', 0))::text`);
    await session.query('SELECT pg_sleep(120)::text');
  });
  await waitUntil('more work than an idle session is allowed', async () => {
    const rows = await db.engine.query(
      `SELECT 1 AS x FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'
          AND state_change < clock_timestamp() - interval '3 s'`,
    );
    return rows.length > 0;
  });
  t.same(ofState(await diagnose(db.engine), 'problem'), []);
  await db.engine.query('SELECT pg_cancel_backend($1)::text', [Number(backend?.['pid'])]);
  await t.rejects(working);
});

onPostgres('a login without permissions is told which it lacks', async (t) => {
  const db = await freshDatabase(t);
  const nobody = await diagnose(await asRole(db, null));
  t.match(ofState(nobody, 'problem'), [
    /permissions: carril_t_\w+ may not migrate: it cannot become carril_dueno/,
    /permissions: .* may not write the journal/,
  ]);
  t.match(nobody.checks.find(({ state }) => state === 'problem')?.advice, /GRANT carril_dba TO "carril_t_/);
  const dba = await diagnose(await asRole(db, 'carril_dba'));
  t.same(ofState(dba, 'problem'), [], 'carril_dba is enough');
  t.match(
    dba.checks.filter(({ name }) => name === 'permissions').map(({ state, found }) => `${state} ${found}`),
    [/^ok .* may migrate; no scratch databases/, /^warning .* does not see what other logins/],
  );
});

onPostgres(
  'another isolation level than the procedures need is a problem, wherever it was set',
  async (t) => {
    const db = await freshDatabase(t);
    await db.engine.batch(`ALTER DATABASE ${db.name} SET default_transaction_isolation = 'serializable'`);
    const ran = await runCarril(['migrate', 'doctor', '--json'], { env: db.env });
    t.equal(ran.code, 1);
    t.match(JSON.parse(ran.stdout), { ok: false, problems: 1 });
    t.match(ran.stdout, /every login in this database: default_transaction_isolation=serializable/);
    await db.engine.batch(`ALTER DATABASE ${db.name} SET default_transaction_read_only = on`);
    const second = await connect(db.target, { poolMax: 2 });
    t.teardown(() => second.close());
    t.match(ofState(await diagnose(second), 'problem'), [/the database is read-only/, /serializable/]);
  },
);

onPostgres(
  'an invalid index, a migrator at work and a check that fails are said, and do not stop the others',
  async (t) => {
    const db = await freshDatabase(t);
    await db.engine.batch(
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'logs.ix_procesos_estado'::regclass`,
    );
    await db.engine.connection(async (session) => {
      await session.query(`SELECT pg_advisory_lock(hashtextextended('carril:migrador', 0))::text`);
      await session.batch(`INSERT INTO carril.Bloqueo VALUES ('x', 'ana', 'lejos', 1, 4711, now(), '0.1.0')`);
      await session.batch('ALTER TABLE carril.Migraciones RENAME COLUMN numero TO otro');
      const warnings = ofState(await diagnose(db.engine), 'warning');
      t.match(
        warnings.find((line) => line.startsWith('indexes')),
        /logs\.ix_procesos_estado is invalid/,
      );
      t.match(
        warnings.find((line) => line.startsWith('migrator')),
        /ana@lejos, process 1, since .* is at work/,
      );
      t.match(
        warnings.find((line) => line.startsWith('journal')),
        /could not be told: .*numero/,
      );
      await session.query(`SELECT pg_advisory_unlock(hashtextextended('carril:migrador', 0))`);
    });
    t.match(
      (await diagnose(db.engine)).checks.find(({ name }) => name === 'migrator'),
      {
        state: 'ok',
        found: /the lock is free; ana@lejos.*was killed/,
      },
    );
  },
);

void t.test('clocks', (t) => {
  t.equal(clockFinding(-800, 20).state, 'ok');
  t.match(clockFinding(-30_000, 20), {
    state: 'warning',
    found: "the server's is 30.0 s behind",
    advice: /NTP/,
  });
  t.equal(clockFinding(3_600_000, 20).state, 'problem');
  t.equal(clockFinding(6_000, 4_000).state, 'ok', 'what may be the way there and back is no difference');
  t.end();
});
