import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import { claimOne, createJob, expire } from '../leases/support.js';
import { asRole, freshDatabase, runCarril } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine, env } = db;
const carril = (...args: string[]) => runCarril(args, { env });

t.test('no alerts: exit 0', async (t) => {
  const { code, stdout, stderr } = await carril('alerts');
  t.equal(code, 0, stderr);
  t.equal(stdout, 'no alerts\n');
  t.same(await carril('alerts', '--quiet'), { code: 0, signal: null, stdout: '', stderr: '' });
  t.same(JSON.parse((await carril('alerts', '--json')).stdout), { alerts: [] });
});

t.test('alerts: exit 1 and a line each, for people and for scripts', async (t) => {
  const failing = await createJob(engine, 'ALERTA', 1, { maxIntentos: 1 });
  const failed = await claimOne(engine, 'ALERTA', 'w1');
  await trabajo.fallarChunk(engine, { idChunk: failed.idChunk, token: failed.token, error: 'disk full' });
  const leaving = await createJob(engine, 'ALERTA_B', 1);
  const lost = await claimOne(engine, 'ALERTA_B', 'host:1:abc');
  await expire(engine, lost.idChunk);
  await engine.query(
    `UPDATE trabajo.Chunks SET Expira = ${db.dialect === 'sqlserver' ? '@p0' : '$1'} WHERE ID_Chunk = ${db.dialect === 'sqlserver' ? '@p1' : '$2'}`,
    [new Date(Date.now() - 600_000), lost.idChunk],
  );

  const { code, stdout, stderr } = await carril('alerts');
  t.equal(code, 1, 'for cron');
  t.equal(stderr, '', 'alerts are the result, not an error');
  t.match(stdout, /^alert +job +kind +chunk +resource +since +detail\n/);
  t.match(stdout, new RegExp(`CHUNK_FALLIDO +${failing} +ALERTA +${failed.idChunk} .*disk full`));
  t.match(stdout, new RegExp(`ARRIENDO_VENCIDO +${leaving} +ALERTA_B +${lost.idChunk} .*10 min ago`));

  const json = await carril('alerts', '--json');
  t.equal(json.code, 1);
  const { alerts } = JSON.parse(json.stdout) as { alerts: Record<string, unknown>[] };
  t.match(
    alerts.find(({ alert }) => alert === 'CHUNK_FALLIDO'),
    { job: String(failing), kind: 'ALERTA', chunk: String(failed.idChunk), since: /Z$/, detail: /disk full/ },
  );
  t.match(
    alerts.find(({ alert }) => alert === 'ARRIENDO_VENCIDO'),
    { job: String(leaving), chunk: String(lost.idChunk) },
  );
});

t.test('a login that may only read sees them', async (t) => {
  const reader = await asRole(db, 'carril_lector');
  t.ok((await trabajo.alertas(reader)).length >= 2);
  t.ok((await trabajo.listarTrabajos(reader, {})).length >= 2);
});

t.test('alerts --help has an example with --json and says what it is for', async (t) => {
  const { stdout } = await runCarril(['alerts', '--help']);
  t.match(stdout, /Examples:[^]*carril alerts --json/);
  t.match(stdout, /SQL Agent/);
});
