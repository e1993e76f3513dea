/** Which services run, in which order, on which dates: checked before anything is started. */
import t from 'tap';

import { homol, logs, trabajo } from '../../procedures/generated/index.js';
import { date, loadFunds, serviceState, startAndClaim } from '../leases/process.js';
import { failsWith, sql } from '../leases/support.js';
import { asRole, freshDatabase } from '../testing/index.js';
import { line } from './ipa.js';
import { addService, onlyService } from './catalogue.js';

const db = await freshDatabase(t);
const { engine } = db;
await loadFunds(engine, ['ALFA', 'BETA']);
await loadFunds(engine, ['UBSIANO'], { flagUbs: true });

const problems = async () =>
  (await logs.verificarServicios(engine)).map(({ servicio, orden, problema }) => [servicio, orden, problema]);

await t.test('the services that the migrations bring can be run', async (t) => {
  t.same(await logs.verificarServicios(engine), []);
});

await t.test('a cycle, a wrong order and the like are named, and nothing is started', async (t) => {
  await onlyService(engine, 'IPA');
  await addService(engine, 'CAPM', 2, { dependeDe: 'IPA' });
  await addService(engine, 'SONA', 3, { dependeDe: 'CAPM' });
  t.same(await problems(), []);

  const processes = async () => (await logs.listarProcesos(engine)).length;
  const before = await processes();
  const refused = async (message: RegExp) => {
    await failsWith(t, 50409, logs.inicializarProceso(engine, { fechaReporte: date }), message);
  };
  const depends = (service: string, on: string | null) =>
    sql(engine, 'UPDATE logs.Servicios SET Depende_De = ? WHERE Servicio = ?', [on, service]);

  await depends('IPA', 'SONA');
  t.same(
    await problems(),
    ['CAPM', 'IPA', 'SONA'].map((service) => [service, null, 'CICLO']),
    'a cycle of three',
  );
  await refused(/IPA -> SONA -> CAPM -> IPA/);
  await depends('IPA', null);

  await depends('CAPM', 'SONA');
  await depends('SONA', null);
  t.same(await problems(), [['CAPM', null, 'ORDEN']]);
  await refused(/CAPM \(Orden 2\).*SONA.*\(Orden 3\)/);
  await depends('CAPM', 'IPA');

  await sql(engine, 'UPDATE logs.Servicios SET Activo = ? WHERE Servicio = ?', [false, 'IPA']);
  t.same(await problems(), [['CAPM', null, 'DEPENDENCIA_INACTIVA']]);
  await refused(/CAPM.*IPA/);
  await sql(engine, 'UPDATE logs.Servicios SET Activo = ? WHERE Servicio = ?', [true, 'IPA']);

  for (const name of ['staging.No_Existe', 'extract.a.b', 'staging.IPA_Final']) {
    await sql(engine, 'UPDATE logs.Servicio_Procedimientos SET Procedimiento = ? WHERE Servicio = ?', [
      name,
      'SONA',
    ]);
    t.same(await problems(), [['SONA', 1, 'PROCEDIMIENTO']], name);
    await refused(new RegExp(`paso 1 del servicio SONA es ${name}`));
  }
  await sql(engine, "DELETE FROM logs.Servicio_Procedimientos WHERE Servicio = 'SONA'");
  t.same(await problems(), [['SONA', null, 'SIN_PROCEDIMIENTOS']]);
  await addService(engine, 'PROPIO', 9, { dependeDe: 'SONA' });
  t.same(await problems(), [
    ['PROPIO', null, 'SIN_COLUMNA'],
    ['SONA', null, 'SIN_PROCEDIMIENTOS'],
  ]);
  await refused(/PROPIO.*; .*SONA/);
  await sql(engine, "UPDATE logs.Servicios SET Activo = ? WHERE Servicio IN ('SONA', 'PROPIO')", [false]);
  t.same(await problems(), [], 'what is not active does not matter');
  t.equal(await processes(), before, 'not one process was started');
  const app = await asRole(db, 'carril_app');
  t.same(await logs.verificarServicios(app), [], 'carril_app sees the step procedures');
});

await t.test('one service alone: what it depends on runs only where it is missing', async (t) => {
  await onlyService(engine, 'IPA');
  await addService(engine, 'CAPM', 2, { dependeDe: 'IPA' });
  await addService(engine, 'SONA', 3);
  await addService(engine, 'UBS', 6, { dependeDe: 'CAPM', flag: 'Flag_UBS' });
  const start = async (servicio: string) => {
    const { idProceso, idTrabajo } = await logs.inicializarProceso(engine, {
      fechaReporte: date,
      fondos: ['ALFA', 'UBSIANO'].map((fundShortName) => ({ fundShortName })),
      servicio,
    });
    const states: Record<string, string> = {};
    for (const { fundShortName, idEjecucion } of await logs.estadoEjecuciones(engine, { idProceso })) {
      const of = async (name: string) => String(await serviceState(engine, idEjecucion, name)).slice(0, 1);
      states[fundShortName ?? ''] =
        `${await of('IPA')}${await of('CAPM')}${await of('SONA')}${await of('UBS')}`;
    }
    const { parametros } = await trabajo.estadoTrabajo(engine, { idTrabajo });
    await trabajo.cancelarTrabajo(engine, { idTrabajo });
    return { states, services: (JSON.parse(parametros ?? '{}') as { servicios?: unknown }).servicios };
  };
  t.same(await start('SONA'), { states: { ALFA: 'OOPO', UBSIANO: 'OOPO' }, services: ['SONA'] });
  t.same(
    await start('CAPM'),
    { states: { ALFA: 'PPOO', UBSIANO: 'PPOO' }, services: ['IPA', 'CAPM'] },
    'IPA was never complete on that date',
  );
  t.same(
    await start('ubs'),
    { states: { ALFA: 'OOOO', UBSIANO: 'PPOP' }, services: ['IPA', 'CAPM', 'UBS'] },
    'a fund with the flag off runs nothing, not even what the service would need',
  );

  // ALFA gets a complete IPA of that date
  const { idProceso, held } = await startAndClaim(engine, ['ALFA']);
  const [fund] = held;
  if (!fund) throw new Error('a fund');
  for (const servicio of ['IPA', 'CAPM', 'SONA']) await logs.ejecutarServicio(engine, { ...fund, servicio });
  await logs.completarEjecucion(engine, fund);
  await logs.finalizarProceso(engine, { idProceso });
  t.same(await start('CAPM'), {
    states: { ALFA: 'OPOO', UBSIANO: 'PPOO' },
    services: ['IPA', 'CAPM'],
  });

  await failsWith(t, 50404, start('NADA'), /NADA.*IPA, CAPM, SONA, UBS/);
  await sql(engine, "UPDATE logs.Servicios SET Activo = ? WHERE Servicio = 'SONA'", [false]);
  await failsWith(t, 50404, start('SONA'), /IPA, CAPM, UBS/);
});

await t.test('dates of a range that have positions', async (t) => {
  for (const fechaReporte of ['2021-01-04', '2021-01-11', '2021-02-01'])
    await homol.cargarIpa(engine, { filas: [line(1, 'ALFA', 'AAA', { fechaReporte, valorMercado: '1' })] });
  const dates = async (desde: string, hasta: string) =>
    (await homol.fechasCargadas(engine, { desde, hasta })).map(({ fechaReporte }) => fechaReporte);
  t.same(await dates('2021-01-04', '2021-01-31'), ['2021-01-04', date, '2021-01-11']);
  t.same(await dates('2021-01-05', '2021-01-05'), []);
  t.same(await dates('2021-02-01', '2021-02-01'), ['2021-02-01']);
  await failsWith(t, 50400, homol.fechasCargadas(engine, { desde: '2021-01-05', hasta: '2021-01-04' }));
  const app = await asRole(db, 'carril_app');
  t.equal((await homol.fechasCargadas(app, { desde: date, hasta: date })).length, 1);
});
