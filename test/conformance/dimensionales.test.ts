import t from 'tap';

import { dimensionales } from '../../procedures/generated/index.js';
import { asRole, freshDatabase } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine } = db;

function fund(linea: number, name: string, rest: Partial<dimensionales.FilasFondosV1Row> = {}) {
  return {
    linea,
    fundShortName: name,
    portfolioGeneva: name,
    flagUbs: false,
    flagDerivados: false,
    active: true,
    incluirEnCubo: true,
    ...rest,
  };
}

async function load(...filas: dimensionales.FilasFondosV1Row[]) {
  return dimensionales.cargarFondos(engine, { filas });
}

await t.test('new funds are added, equal ones left alone, different ones updated', async (t) => {
  t.same(await load(fund(2, 'ALFA'), fund(3, 'BETA')), { insertados: 2, actualizados: 0, iguales: 0 });
  t.same(await load(fund(2, 'ALFA'), fund(3, 'BETA')), { insertados: 0, actualizados: 0, iguales: 2 });
  t.same(
    await load(
      fund(2, 'ALFA', { portfolioUbs: 'U-1', flagUbs: true }),
      fund(3, 'BETA'),
      fund(4, 'GAMA', { active: false }),
    ),
    { insertados: 1, actualizados: 1, iguales: 1 },
  );
  const funds = await dimensionales.listarFondos(engine);
  t.match(funds, [
    {
      idFund: 1,
      fundShortName: 'ALFA',
      portfolioUbs: 'U-1',
      flagUbs: true,
      active: true,
      incluirEnCubo: true,
    },
    { idFund: 2, fundShortName: 'BETA', portfolioUbs: null, flagUbs: false, portfolioCapm: null },
    { idFund: 3, fundShortName: 'GAMA', active: false, portfolioDerivados: null },
  ]);
});

await t.test('a change of one field only, from and to none, is a change', async (t) => {
  t.match(await load(fund(2, 'BETA', { portfolioCapm: 'C' })), { actualizados: 1 });
  t.match(
    await load(fund(2, 'BETA', { portfolioCapm: 'c' })),
    { actualizados: 1 },
    'upper and lower case differ',
  );
  t.match(await load(fund(2, 'BETA', { portfolioCapm: ' ' })), { actualizados: 1 }, 'blank is none');
  t.match(await load(fund(2, 'BETA')), { actualizados: 0, iguales: 1 });
});

await t.test('texts are trimmed', async (t) => {
  t.match(await load(fund(2, '  DELTA ', { portfolioGeneva: ' D ' })), { insertados: 1 });
  t.match(await load(fund(2, 'DELTA', { portfolioGeneva: 'D' })), { iguales: 1 });
});

await t.test('an empty list changes nothing', async (t) => {
  t.same(await load(), { insertados: 0, actualizados: 0, iguales: 0 });
});

await t.test('errors name the line, and nothing of the list is kept', async (t) => {
  const cases = [
    { filas: [fund(2, 'OK1'), fund(3, ' ')], message: /Linea 3: FundShortName/ },
    { filas: [fund(2, 'OK1'), fund(7, 'X', { portfolioGeneva: '' })], message: /Linea 7: Portfolio_Geneva/ },
    { filas: [fund(2, 'OK1'), fund(3, 'Y'), fund(9, 'OK1 ')], message: /Linea 9: el fondo OK1 .* linea 2/ },
    { filas: [fund(2, '100%', { portfolioGeneva: '' }), fund(3, '100%')], message: /Linea 2/ },
  ];
  for (const { filas, message } of cases) await t.rejects(load(...filas), { number: 50400, message });
  t.notOk((await dimensionales.listarFondos(engine)).some((one) => one.fundShortName === 'OK1'));
});

await t.test('more than 2,000 funds', async (t) => {
  const many = Array.from({ length: 4_100 }, (_, at) => fund(at + 1, `M${at}`));
  t.same(await load(...many), { insertados: 4_100, actualizados: 0, iguales: 0 });
  t.same(await load(...many.map((one) => ({ ...one, active: false }))), {
    insertados: 0,
    actualizados: 4_100,
    iguales: 0,
  });
});

await t.test('two loads of the same new funds at once: each fund once', async (t) => {
  const filas = Array.from({ length: 50 }, (_, at) => fund(at + 1, `AT ONCE ${at}`));
  const results = await Promise.all([1, 2, 3].map(() => dimensionales.cargarFondos(engine, { filas })));
  t.same(
    results.map(({ insertados }) => insertados).sort((a, b) => a - b),
    [0, 0, 50],
  );
});

await t.test('carril_app loads and lists; a reader does neither', async (t) => {
  const app = await asRole(db, 'carril_app');
  t.match(await dimensionales.cargarFondos(app, { filas: [fund(2, 'ALFA')] }), { actualizados: 1 });
  t.ok((await dimensionales.listarFondos(app)).length > 0);
  await t.rejects(app.query('SELECT * FROM dimensionales.BD_Funds'), { code: 'PERMISSION' });
  const reader = await asRole(db, 'carril_lector');
  await t.rejects(dimensionales.listarFondos(reader), { code: 'PERMISSION' });
});
