import t from 'tap';

import { createMigrator } from '../../migrator/index.js';
import { extract, staging } from '../../procedures/generated/index.js';
import type { Session } from '../../engine/index.js';
import type { Loaded } from '../reference/group.js';
import { asRole, freshDatabase } from '../testing/index.js';
import { finals, insertRows, load } from './services.js';
import type { Service, Source } from './services.js';

const db = await freshDatabase(t);
const { engine, dialect } = db;
const date = '2021-01-06';
let next = 1_000n;

/** One fund of one execution, as the steps take it. */
interface Lane {
  readonly idEjecucion: bigint;
  readonly fechaReporte: string;
  readonly idFund: number;
  readonly portfolioGeneva: string;
}

const steps: Record<
  Exclude<Service, 'IPA'>,
  readonly ((session: Session, lane: Lane) => Promise<unknown>)[]
> = {
  CAPM: [extract.extractCapm, staging.capm01Saldos, staging.capm02Final],
  PosModRF: [extract.extractPosModRf, staging.posModRf01Posiciones, staging.posModRf02Final],
  SONA: [extract.extractSona, staging.sona01Pendientes, staging.sona02Final],
  Derivados: [extract.extractDerivados, staging.derivados01Posiciones, staging.derivados02Final],
  UBS: [extract.extractUbs, staging.ubs01Posiciones, staging.ubs02Final],
  PNL: [staging.pnl01Comparacion, staging.pnl02Final],
};

async function run(service: Exclude<Service, 'IPA'>, lane: Lane): Promise<readonly string[]> {
  await engine.transaction(async (session) => {
    for (const step of steps[service]) await step(session, lane);
  });
  return finals(engine, service, `x.ID_Ejecucion = ${lane.idEjecucion} AND x.ID_Fund = ${lane.idFund}`);
}

interface FundOptions {
  readonly fund?: number;
  readonly date?: string;
  readonly state?: string;
  readonly ipa?: string;
  readonly begun?: string;
  readonly codes?: boolean;
  /** One execution for all funds, as before the plan. */
  readonly shared?: boolean;
}

/** A fund's execution; its codes in the other systems are its name and C, D and U. */
async function execution(name: string, options: FundOptions = {}): Promise<Lane> {
  const { fund = 1, state = 'EN_PROGRESO', ipa = 'COMPLETADO', codes = true, shared = false } = options;
  const lane = {
    idEjecucion: (next += 1n),
    fechaReporte: options.date ?? date,
    idFund: fund,
    portfolioGeneva: name,
  };
  await insertRows(
    engine,
    'logs.Ejecuciones',
    ['ID_Ejecucion', 'FechaReporte', 'ID_Fund', 'Estado', 'FechaInicio'],
    [
      [
        lane.idEjecucion,
        lane.fechaReporte,
        shared ? null : fund,
        state,
        options.begun ?? '2021-01-06 20:00:00',
      ],
    ],
  );
  await addFund(lane, ipa, codes);
  return lane;
}

async function addFund(lane: Lane, ipa: string, codes = true): Promise<void> {
  const code = (letter: string) => (codes ? lane.portfolioGeneva + letter : null);
  await insertRows(
    engine,
    'logs.Ejecucion_Fondos',
    [
      ...[
        'ID_Ejecucion',
        'ID_Fund',
        'FundShortName',
        'Portfolio_Geneva',
        'Portfolio_CAPM',
        'Portfolio_Derivados',
      ],
      ...['Portfolio_UBS', 'Flag_UBS', 'Flag_Derivados', 'Estado_Process_IPA'],
    ],
    [
      [
        ...[lane.idEjecucion, lane.idFund, `Fund ${lane.portfolioGeneva}`, lane.portfolioGeneva],
        ...[code('C'), code('D'), code('U'), '1', '1', ipa],
      ],
    ],
  );
}

/** What service IPA left: [InvestID, quantity, value], cash when a fourth says so. */
async function ipaFinal(lane: Lane, ...rows: readonly [string, string, string, 'cash'?][]): Promise<Lane> {
  await insertRows(
    engine,
    'staging.IPA_Final',
    [
      ...[
        'ID_Ejecucion',
        'ID_Fund',
        'InvestID',
        'FechaReporte',
        'Descripcion',
        'Moneda',
        'Cantidad',
        'ValorMercado',
      ],
      ...['Peso', 'Lineas', 'Repreciadas', 'Es_Efectivo'],
    ],
    rows.map(([id, quantity, value, cash]) => [
      ...[lane.idEjecucion, lane.idFund, id, lane.fechaReporte, id, 'USD', quantity, value],
      ...['0', 1, 0, cash === undefined ? '0' : '1'],
    ]),
  );
  return lane;
}

const lines = (source: Source, portfolio: string, ...rows: readonly Loaded[]) =>
  load(engine, source, [{ date, portfolio, lines: rows }]);

await t.test('CAPM: the accounting NAV beside the IPA total', async (t) => {
  const cases: [name: string, balances: string[], values: string[], expected: string[]][] = [
    ['over', ['1000', '-25.5'], ['900', '73.25'], ['974.5000|973.2500|1.2500|12.8271']],
    ['under', ['1000'], ['1001.5'], ['1000.0000|1001.5000|-1.5000|-15.0000']],
    ['equal', ['0.3', '0.1', '-0.1'], ['0.3'], ['0.3000|0.3000|0.0000|0.0000']],
    // the sign of the difference, whatever the sign of the NAV
    ['negative NAV', ['-200'], ['-201'], ['-200.0000|-201.0000|1.0000|50.0000']],
    // 1 / 3 and 2 / 3 of a basis point's ten-thousandth
    ['a third', ['30000'], ['29999'], ['30000.0000|29999.0000|1.0000|0.3333']],
    ['two thirds', ['30000'], ['29998'], ['30000.0000|29998.0000|2.0000|0.6667']],
    ['half', ['16000'], ['15999.9999'], ['16000.0000|15999.9999|0.0001|0.0001']],
    ['no NAV', ['5', '-5'], ['7'], ['0.0000|7.0000|-7.0000|']],
    ['no room', ['0.0001'], ['1000000000000'], ['0.0001|1000000000000.0000|-999999999999.9999|']],
    ['no IPA', ['12.5'], [], ['12.5000|0.0000|12.5000|10000.0000']],
    ['no balances', [], ['7'], []],
  ];
  for (const [name, balances, values, expected] of cases) {
    const lane = await execution(name);
    await lines('CAPM', `${name}C`, ...balances.map((Saldo, at) => ({ Cuenta: `${at % 2}`, Saldo })));
    await ipaFinal(lane, ...values.map((value, at): [string, string, string] => [`I${at}`, '1', value]));
    t.same(await run('CAPM', lane), expected, name);
    t.same(await run('CAPM', lane), expected, `${name}, twice`);
  }
});

await t.test('PosModRF: weighted durations', async (t) => {
  const bond = (
    InvestID: string,
    ValorMercado: string,
    DuracionModificada: string | null,
    rest: Loaded = {},
  ) => ({
    ...{ InvestID, ValorMercado, DuracionModificada, Descripcion: InvestID, TIR: null },
    ...rest,
  });
  const cases: [name: string, bonds: Loaded[], expected: string[]][] = [
    [
      // (600 * 5 + 400 * 2.5) / 1000 = 4
      'two',
      [bond('A', '600', '5', { Nominal: '590.5' }), bond('B', '400', '2.5')],
      [
        'A|A|590.50000000|600.0000|60.0000000000|5.00000000|3.0000000000|4.0000000000',
        'B|B|1.00000000|400.0000|40.0000000000|2.50000000|1.0000000000|4.0000000000',
      ],
    ],
    [
      // the largest takes what is left over of the weights and of the contributions: (1 + 1 + 1) / 3 = 1
      'thirds',
      [bond('A', '1', '1'), bond('B', '1', '1'), bond('C', '1', '1')],
      [
        'A|A|1.00000000|1.0000|33.3333333334|1.00000000|0.3333333334|1.0000000000',
        'B|B|1.00000000|1.0000|33.3333333333|1.00000000|0.3333333333|1.0000000000',
        'C|C|1.00000000|1.0000|33.3333333333|1.00000000|0.3333333333|1.0000000000',
      ],
    ],
    [
      // C is half of the value and none of the duration: (100 * 3 + 100 * 5) / 200
      'unknown duration',
      [bond('A', '100', '3'), bond('B', '100', '5'), bond('C', '200', null)],
      [
        'A|A|1.00000000|100.0000|25.0000000000|3.00000000|1.5000000000|4.0000000000',
        'B|B|1.00000000|100.0000|25.0000000000|5.00000000|2.5000000000|4.0000000000',
        'C|C|1.00000000|200.0000|50.0000000000|||4.0000000000',
      ],
    ],
    ['no duration', [bond('A', '100', null)], ['A|A|1.00000000|100.0000|100.0000000000|||']],
    [
      // a zero duration is a duration: floating rate, or a bill that is due
      'zero duration',
      [bond('A', '300', '0'), bond('B', '100', '4')],
      [
        'A|A|1.00000000|300.0000|75.0000000000|0.00000000|0.0000000000|1.0000000000',
        'B|B|1.00000000|100.0000|25.0000000000|4.00000000|1.0000000000|1.0000000000',
      ],
    ],
    [
      'sold short',
      [bond('A', '300', '2'), bond('B', '-100', '5')],
      [
        'A|A|1.00000000|300.0000|150.0000000000|2.00000000|3.0000000000|0.5000000000',
        'B|B|1.00000000|-100.0000|-50.0000000000|5.00000000|-2.5000000000|0.5000000000',
      ],
    ],
    [
      'nets to zero',
      [bond('A', '5', '2'), bond('B', '-5', '3')],
      ['A|A|1.00000000|5.0000|0.0000000000|2.00000000||', 'B|B|1.00000000|-5.0000|0.0000000000|3.00000000||'],
    ],
    [
      // one position: description of the largest line, duration of the largest that has one
      'two lines',
      [
        bond('A', '10', '7', { Descripcion: 'small' }),
        bond('A', '-60', null, { Descripcion: 'large', Nominal: '-70' }),
        bond('A', '20', '9', { Descripcion: 'medium' }),
      ],
      ['A|large|-68.00000000|-30.0000|100.0000000000|9.00000000|9.0000000000|9.0000000000'],
    ],
    ['none', [], []],
  ];
  for (const [name, bonds, expected] of cases) {
    const lane = await execution(`RF ${name}`);
    await lines('PosModRF', `RF ${name}`, ...bonds);
    t.same(await run('PosModRF', lane), expected, name);
  }
  const tiny = await execution('RF tiny');
  await lines('PosModRF', 'RF tiny', bond('A', '1000', '1'), bond('B', '-999.9995', '2'));
  await t.rejects(run('PosModRF', tiny), { number: 50409, message: /fondo 1/ });
  // the whole is large enough for weights, the part that has a duration is not
  const part = await execution('RF part');
  await lines(
    'PosModRF',
    'RF part',
    bond('A', '100000', '99'),
    bond('B', '-99999.9999', '1'),
    bond('C', '5', null),
  );
  await t.rejects(run('PosModRF', part), { number: 50409, message: /duracion no cabe/ });
});

await t.test('SONA: what settles after the date is pending', async (t) => {
  const lane = await execution('TRADES');
  const trade = (ID_Operacion: string, traded: string, settles: string, rest: Loaded = {}) => ({
    ID_Operacion,
    InvestID: 'A',
    FechaOperacion: traded,
    FechaLiquidacion: settles,
    ...rest,
  });
  await lines(
    'SONA',
    'TRADES',
    trade('1', '2021-01-04', '2021-01-06', { Cantidad: '1000', Monto: '1' }), // settles on the date: settled
    trade('2', '2021-01-05', '2021-01-07', { Cantidad: '10', Monto: '100.5' }),
    trade('3', '2021-01-06', '2021-01-08', { Cantidad: '-4', Monto: '-40.25' }), // a sale of the date itself
    trade('4', '2021-01-07', '2021-01-09', { Cantidad: '1000', Monto: '1' }), // not traded yet
    trade('5', '2021-01-01', '2021-01-05', { Cantidad: '1000', Monto: '1' }), // settled the day before
    trade('6', '2021-01-06', '2021-01-07', { Cantidad: '3', Monto: '30', Moneda: 'CLP' }),
    trade('7', '2021-01-06', '2021-01-07', { Cantidad: '2', Monto: '20', InvestID: 'B' }), // in two parts
    trade('7', '2021-01-06', '2021-01-08', { Cantidad: '1.00000001', Monto: '10.0001', InvestID: 'B' }),
    trade('8', '2021-01-06', '2021-01-08', { Cantidad: '5', Monto: '50', InvestID: 'C' }),
    trade('9', '2021-01-06', '2021-01-08', { Cantidad: '-5', Monto: '-50', InvestID: 'C' }),
  );
  const expected = [
    'A|CLP|3.00000000|30.0000|1',
    'A|USD|6.00000000|60.2500|2',
    'B|USD|3.00000001|30.0001|1',
    'C|USD|0.00000000|0.0000|2',
  ];
  t.same(await run('SONA', lane), expected);
  t.same(await run('SONA', lane), expected, 'twice');
  t.same(await run('SONA', await execution('NO TRADES')), []);
});

await t.test('Derivados: notional, market value, delta exposure', async (t) => {
  const lane = await execution('DERIV');
  await lines(
    'Derivados',
    'DERIVD',
    { InvestID: 'CALL', Descripcion: 'first', Nocional: '1000000', ValorMercado: '2500', Delta: '0.55' },
    { InvestID: 'CALL', Descripcion: 'largest', Nocional: '-4000000', ValorMercado: '-9000', Delta: '0.25' },
    { InvestID: 'FUTURE', Nocional: '-750000.125', ValorMercado: '0', Delta: '1' },
    { InvestID: 'NO DELTA', Nocional: '100', ValorMercado: '5', Delta: null },
    { InvestID: 'HALF KNOWN', Nocional: '100', ValorMercado: '5', Delta: null },
    { InvestID: 'HALF KNOWN', Nocional: '100', ValorMercado: '5', Delta: '0.5' },
    // 123456789012.12345678 * 0.1234567891 = 15241578764.032922946…: every digit counts
    { InvestID: 'DIGITS', Nocional: '123456789012.12345678', ValorMercado: '1', Delta: '0.1234567891' },
    { InvestID: 'ROUNDED', Nocional: '0.00000001', ValorMercado: '1', Delta: '0.5' },
    { InvestID: 'ROUNDED DOWN', Nocional: '0.00000001', ValorMercado: '1', Delta: '0.4999999999' },
    // neither line has anything to round up, their sum has
    { InvestID: 'SUM FIRST', Nocional: '0.00000001', ValorMercado: '1', Delta: '0.25' },
    { InvestID: 'SUM FIRST', Nocional: '0.00000001', ValorMercado: '1', Delta: '0.25' },
    { InvestID: 'NOTHING', Nocional: '0', ValorMercado: '-3.5', Delta: '0.9' },
  );
  t.same(await run('Derivados', lane), [
    // 550,000 - 1,000,000
    'CALL|largest|-3000000.00000000|-6500.0000|-450000.00000000',
    'DIGITS|x|123456789012.12345678|1.0000|15241578764.03292295',
    'FUTURE|x|-750000.12500000|0.0000|-750000.12500000',
    'HALF KNOWN|x|200.00000000|10.0000|',
    'NO DELTA|x|100.00000000|5.0000|',
    'NOTHING|x|0.00000000|-3.5000|0.00000000',
    'ROUNDED DOWN|x|0.00000001|1.0000|0.00000000',
    'ROUNDED|x|0.00000001|1.0000|0.00000001',
    'SUM FIRST|x|0.00000002|2.0000|0.00000001',
  ]);
});

await t.test('UBS: breaks against IPA', async (t) => {
  const lane = await ipaFinal(
    await execution('CUST'),
    ['EQUAL', '10', '1'],
    ['IN PARTS', '10', '1'],
    ['DIFFERS', '10', '1'],
    ['SHORT', '-3', '1'],
    ['NOT THERE', '7.5', '1'],
    ['NONE HELD', '0', '1'],
    ['CASH', '500', '500', 'cash'],
    ['CASH TOO', '20', '20', 'cash'],
  );
  const custodian: [string, string][] = [
    ['EQUAL', '10'],
    ['IN PARTS', '4'],
    ['IN PARTS', '6'],
    ['DIFFERS', '9.99999999'],
    ['SHORT', '3'],
    ['NOT OURS', '2'],
    ['NOT OURS', '0.5'],
    ['NOTHING OF IT', '0'],
    ['CASH', '499'],
  ];
  await lines('UBS', 'CUSTU', ...custodian.map(([InvestID, Cantidad]) => ({ InvestID, Cantidad })));
  const expected = [
    'DIFFERS|CANTIDAD_DISTINTA|10.00000000|9.99999999|-0.00000001',
    'NOT OURS|FALTA_EN_IPA||2.50000000|2.50000000',
    'NOT THERE|FALTA_EN_UBS|7.50000000||-7.50000000',
    'SHORT|CANTIDAD_DISTINTA|-3.00000000|3.00000000|6.00000000',
  ];
  t.same(await run('UBS', lane), expected);
  t.same(await run('UBS', lane), expected, 'twice');

  const unsaid = await ipaFinal(await execution('SILENT'), ['A', '1', '1'], ['CASH', '5', '5', 'cash']);
  t.same(await run('UBS', unsaid), ['A|FALTA_EN_UBS|1.00000000||-1.00000000'], 'no file is not agreement');
  const without = await execution('UNKNOWN');
  await lines('UBS', 'UNKNOWNU', { InvestID: 'A', Cantidad: '1' });
  t.same(await run('UBS', without), ['A|FALTA_EN_IPA||1.00000000|1.00000000'], 'no IPA rows');
});

await t.test('PNL: the change, split into price and quantity', async (t) => {
  const fund = 40;
  const before = (day: string, options: FundOptions, ...rows: Parameters<typeof ipaFinal>[1][]) =>
    execution('PNL', { fund, date: day, state: 'COMPLETADO', ...options }).then((lane) =>
      ipaFinal(lane, ...rows),
    );

  const first = await ipaFinal(
    await execution('PNL', { fund }),
    ['A', '10', '100'],
    ['CASH', '5', '5', 'cash'],
  );
  const inception = ['A||100.0000|0.0000|100.0000', 'CASH||5.0000|0.0000|5.0000'];
  t.same(await run('PNL', first), inception, 'the first date: all of it is quantity');

  await before('2021-01-02', {}, ['A', '1', '1']);
  await before('2021-01-04', { ipa: 'ERROR' }, ['A', '2', '2']);
  await before('2021-01-05', { state: 'REVERTIDO' }, ['A', '3', '3']);
  await before('2021-01-05', { state: 'ERROR' }, ['A', '4', '4']);
  await before('2021-01-05', {}); // completed, and nothing was loaded
  await before('2021-01-06', {}, ['A', '6', '6']); // of the date itself: not before it
  await before('2021-01-07', {}, ['A', '7', '7']);
  await before('2021-01-05', { fund: 41 }, ['A', '8', '8']);
  t.same(
    await run('PNL', first),
    ['A|2021-01-02|99.0000|9.0000|90.0000', 'CASH|2021-01-02|5.0000|0.0000|5.0000'],
    'against the last completed execution that had rows',
  );

  await before('2021-01-03', { begun: '2021-01-03 10:00:00' }, ['A', '5', '45']);
  await before('2021-01-03', { begun: '2021-01-03 09:00:00' }, ['A', '9', '9']);
  t.match(
    await run('PNL', first),
    [/^A\|2021-01-03\|55\.0000\|5\.0000\|50\.0000$/, /CASH/],
    'the one that began last',
  );

  const cases: [id: string, was: [string, string] | null, is: [string, string] | null, change: string][] = [
    ['price only', ['10', '100'], ['10', '110'], '10.0000|10.0000|0.0000'],
    ['bought', ['10', '100'], ['15', '150'], '50.0000|0.0000|50.0000'],
    // 10 held went from 10 to 11 (+10), 5 were bought at 11 (+55)
    ['both', ['10', '100'], ['15', '165'], '65.0000|10.0000|55.0000'],
    // 10 held went from 10 to 12 (+20), 4 were sold at 12 (-48)
    ['sold some', ['10', '100'], ['6', '72'], '-28.0000|20.0000|-48.0000'],
    ['new', null, ['3', '30'], '30.0000|0.0000|30.0000'],
    ['closed', ['3', '30'], null, '-30.0000|0.0000|-30.0000'],
    ['worthless', ['3', '30'], ['3', '0'], '-30.0000|-30.0000|0.0000'],
    // 10 held went from 10 to 11 (+10), 15 were sold at 11 (-165)
    ['sold short', ['10', '100'], ['-5', '-55'], '-155.0000|10.0000|-165.0000'],
    ['unchanged', ['4', '44'], ['4', '44'], '0.0000|0.0000|0.0000'],
    ['no quantity', ['0', '5'], ['0', '7'], '2.0000|2.0000|0.0000'],
    ['quantity gone', ['4', '5'], ['0', '7'], '2.0000|0.0000|2.0000'],
    ['quantity came', ['0', '5'], ['4', '7'], '2.0000|0.0000|2.0000'],
    // 1 of 3: 7 / 3 = 2.33333…, and 20 of 3: 46.66666…
    ['rounds down', ['1', '2'], ['3', '7'], '5.0000|0.3333|4.6667'],
    ['rounds up', ['20', '2'], ['3', '7'], '5.0000|44.6667|-39.6667'],
    ['half', ['1', '0'], ['20000', '1'], '1.0000|0.0001|0.9999'],
    ['-half', ['-1', '0'], ['20000', '1'], '1.0000|-0.0001|1.0001'],
    // 123456789.12345678 * 98765432109.8765 / 987654321.98765432: more digits than a decimal of T-SQL holds
    [
      'digits',
      ['123456789.12345678', '1'],
      ['987654321.98765432', '98765432109.8765'],
      '98765432108.8765|12345678900.2346|86419753208.6419',
    ],
    [
      'large',
      ['9999999999999.99999999', '0.5'],
      ['8888888888888.88888888', '777777777777777.7777'],
      '777777777777777.2777|874999999999999.4999|-97222222222222.2222',
    ],
  ];
  const now = await ipaFinal(
    await execution('SPLIT', { fund: 42 }),
    ...rowsOf(cases.map(([id, , is]) => [id, is])),
  );
  await ipaFinal(
    await execution('SPLIT', { fund: 42, date: '2021-01-05', state: 'COMPLETADO' }),
    ...rowsOf(cases.map(([id, was]) => [id, was])),
  );
  const expected = cases.map(([id, , , change]) => `${id}|2021-01-05|${change}`).sort();
  t.same(await run('PNL', now), expected);
  t.same(await run('PNL', now), expected, 'twice');

  const empty = await execution('SPLIT', { fund: 42 });
  t.same(
    await run('PNL', empty),
    [],
    'a date without lines says nothing, least of all that everything was sold',
  );

  function rowsOf(
    pairs: readonly (readonly [string, [string, string] | null])[],
  ): [string, string, string][] {
    return pairs.flatMap(([id, pair]): [string, string, string][] => (pair === null ? [] : [[id, ...pair]]));
  }
});

await t.test('where IPA was skipped, the last completed IPA of the date stands in', async (t) => {
  const fund = 50;
  const alone = await execution('ALONE', { fund, ipa: 'OMITIDO' });
  await lines('CAPM', 'ALONEC', { Cuenta: '1', Saldo: '110' });
  await lines('UBS', 'ALONEU', { InvestID: 'A', Cantidad: '2' });
  t.same(await run('CAPM', alone), ['110.0000|0.0000|110.0000|10000.0000'], 'none yet');
  t.same(await run('PNL', alone), []);
  await ipaFinal(await execution('ALONE', { fund, state: 'COMPLETADO', begun: '2021-01-06 10:00:00' }), [
    'A',
    '1',
    '90',
  ]);
  await ipaFinal(await execution('ALONE', { fund, state: 'COMPLETADO', begun: '2021-01-06 11:00:00' }), [
    'A',
    '2',
    '100',
  ]);
  await ipaFinal(await execution('ALONE', { fund, state: 'ERROR', begun: '2021-01-06 12:00:00' }), [
    'A',
    '3',
    '1',
  ]);
  t.same(await run('CAPM', alone), ['110.0000|100.0000|10.0000|909.0909']);
  t.same(await run('UBS', alone), []);
  t.same(await run('PNL', alone), ['A||100.0000|0.0000|100.0000']);
});

await t.test('a run of the old way: one execution for all funds', async (t) => {
  const one = await execution('OLD1', { fund: 60, shared: true, state: 'COMPLETADO_CON_ERRORES' });
  const two = { ...one, idFund: 61, portfolioGeneva: 'OLD2' };
  await addFund(two, 'ERROR');
  await ipaFinal(one, ['A', '2', '20']);
  await ipaFinal(two, ['A', '2', '20']);
  await lines('CAPM', 'OLD1C', { Cuenta: '1', Saldo: '30' });
  await lines('CAPM', 'OLD2C', { Cuenta: '1', Saldo: '50' });
  t.same(await run('CAPM', one), ['30.0000|20.0000|10.0000|3333.3333']);
  t.same(await run('CAPM', two), ['50.0000|20.0000|30.0000|6000.0000']);
  t.same(await run('CAPM', one), ['30.0000|20.0000|10.0000|3333.3333'], 'the other fund left its rows');

  const day = { date: '2021-01-07', state: 'EN_PROGRESO' };
  const after = await ipaFinal(await execution('OLD1', { ...day, fund: 60 }), ['A', '2', '25']);
  t.same(await run('PNL', after), ['A|2021-01-06|5.0000|5.0000|0.0000'], 'is what came before the new way');
  const failed = await ipaFinal(await execution('OLD2', { ...day, fund: 61 }), ['A', '2', '25']);
  t.same(await run('PNL', failed), ['A||25.0000|0.0000|25.0000'], 'not for a fund whose IPA failed');

  // halfway through a backfill the fund has an execution of its own, and its state, its rows or a part of them are there already
  const phase = (name: string) => engine.batch(`UPDATE logs.Backfill_Estado SET Fase = '${name}'`);
  const move = (table: string, rest: string, to: bigint) =>
    engine.batch(`UPDATE ${table} SET ID_Ejecucion = ${to} WHERE ID_Fund = 60 AND ${rest}`);
  await ipaFinal(one, ['B', '1', '7']);
  const whole = await run('PNL', after);
  t.same(whole, ['A|2021-01-06|5.0000|5.0000|0.0000', 'B|2021-01-06|-7.0000|0.0000|-7.0000']);
  const own = await execution('OLD1', { fund: 60, state: 'COMPLETADO', ipa: 'PENDIENTE' });
  await engine.batch(`DELETE FROM logs.Ejecucion_Fondos WHERE ID_Ejecucion = ${own.idEjecucion}`);
  await insertRows(
    engine,
    'logs.Backfill_Mapa',
    ['ID_Ejecucion', 'ID_Fund', 'ID_Ejecucion_Nuevo', 'ID_Proceso', 'FechaReporte'],
    [[one.idEjecucion, 60, own.idEjecucion, one.idEjecucion, date]],
  );
  await phase('FILAS');
  const shared = `ID_Ejecucion = ${one.idEjecucion}`;
  for (const [what, table, rest] of [
    ['its state', 'logs.Ejecucion_Fondos', shared],
    ['a row', 'staging.IPA_Final', `${shared} AND InvestID = 'A'`],
    ['all rows', 'staging.IPA_Final', shared],
  ] as const) {
    await move(table, rest, own.idEjecucion);
    t.same(await run('PNL', after), whole, `${what} moved: compared with all of it`);
  }
  // a service that is run alone reads the rows of one execution
  const skipped = await execution('OLD1', { fund: 60, ipa: 'OMITIDO' });
  await t.rejects(run('CAPM', skipped), { number: 50409, message: /backfill/ }, 'not while they move');
  await phase('COMPLETO');
  t.same(await run('CAPM', skipped), ['30.0000|27.0000|3.0000|1000.0000']);
  await phase('REVIRTIENDO');
  for (const [table, rest] of [
    ['staging.IPA_Final', "InvestID = 'B'"],
    ['logs.Ejecucion_Fondos', "Estado_Process_IPA = 'COMPLETADO'"],
  ] as const) {
    await move(table, `${rest} AND ID_Ejecucion = ${own.idEjecucion}`, one.idEjecucion);
    t.same(await run('PNL', after), whole, 'on the way back as well');
  }
  await phase('NUEVO');
});

await t.test('codes: each system by its own; none where the fund has none, or its flag is off', async (t) => {
  const lane = await execution('CODES', { codes: false });
  const given: [Source, Loaded][] = [
    ['CAPM', { Cuenta: '1', Saldo: '1' }],
    ['Derivados', { InvestID: 'A', Delta: '1' }],
    ['UBS', { InvestID: 'A' }],
  ];
  for (const [source, line] of given) {
    await lines(source, 'CODES', line);
    t.same(await run(source as 'CAPM', lane), [], `${source} is not looked for under the code of Geneva`);
  }
  const off = await execution('OFF');
  await engine.batch(
    `UPDATE logs.Ejecucion_Fondos SET Flag_UBS = '0', Flag_Derivados = '0' WHERE ID_Ejecucion = ${off.idEjecucion}`,
  );
  await lines('UBS', 'OFFU', { InvestID: 'A' });
  await lines('Derivados', 'OFFD', { InvestID: 'A', Delta: '1' });
  t.same([...(await run('UBS', off)), ...(await run('Derivados', off))], []);
});

await t.test('more than 2,000 rows of everything, twice; and none when they are gone', async (t) => {
  const name = 'MANY';
  const ids = Array.from({ length: 2_100 }, (_unused, at) => `I${String(at).padStart(4, '0')}`);
  const lane = await ipaFinal(
    await execution(name, { fund: 70 }),
    ...ids.map((id): [string, string, string] => [id, '2', '2']),
  );
  await ipaFinal(
    await execution(name, { fund: 70, date: '2021-01-05', state: 'COMPLETADO' }),
    ...ids.map((id): [string, string, string] => [id, '1', '1']),
  );
  await lines('CAPM', `${name}C`, ...ids.map((Cuenta) => ({ Cuenta, Saldo: '2' })));
  await lines('PosModRF', name, ...ids.map((InvestID) => ({ InvestID, DuracionModificada: '3' })));
  await lines(
    'SONA',
    name,
    ...ids.map((InvestID) => ({
      ID_Operacion: InvestID,
      InvestID,
      FechaLiquidacion: '2021-01-07',
      Monto: '1',
    })),
  );
  await lines('Derivados', `${name}D`, ...ids.map((InvestID) => ({ InvestID, Delta: '0.5' })));
  await lines('UBS', `${name}U`, ...ids.map((InvestID) => ({ InvestID, Cantidad: '3' })));
  const expected: [Exclude<Service, 'IPA'>, string[]][] = [
    ['CAPM', ['4200.0000|4200.0000|0.0000|0.0000']],
    // 100 / 2100 = 0.0476190476 19…: 2099 of them leave 0.0476190876 for the first; 3 / 2100 = 0.0014285714 28…
    [
      'PosModRF',
      ids.map(
        (id, at) =>
          `${id}|x|1.00000000|1.0000|${at === 0 ? '0.0476190876' : '0.0476190476'}|3.00000000|${
            at === 0 ? '0.0014286314' : '0.0014285714'
          }|3.0000000000`,
      ),
    ],
    ['SONA', ids.map((id) => `${id}|USD|1.00000000|1.0000|1`)],
    ['Derivados', ids.map((id) => `${id}|x|1.00000000|1.0000|0.50000000`)],
    ['UBS', ids.map((id) => `${id}|CANTIDAD_DISTINTA|2.00000000|3.00000000|1.00000000`)],
    ['PNL', ids.map((id) => `${id}|2021-01-05|1.0000|0.0000|1.0000`)],
  ];
  for (const [service, rows] of expected) {
    t.same(await run(service, lane), rows, service);
    t.same(await run(service, lane), rows, `${service}, twice`);
  }
  for (const source of ['CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS'] as const) {
    await engine.batch(
      `DELETE FROM homol.${source} WHERE Portfolio IN ('${name}', '${name}C', '${name}D', '${name}U')`,
    );
  }
  await engine.batch(`DELETE FROM staging.IPA_Final WHERE ID_Ejecucion = ${lane.idEjecucion}`);
  for (const [service] of expected)
    t.same(await run(service, lane), [], `${service}: nothing is left behind`);
});

await t.test('errors, the same of every step', async (t) => {
  const lane = await execution('ERR');
  for (const step of Object.values(steps).flat()) {
    const call = (change: Partial<Lane>) =>
      engine.transaction((session) => step(session, { ...lane, ...change }));
    await t.rejects(call({ idEjecucion: 77n }), { number: 50404, message: /77/ }, step.name);
    await t.rejects(call({ fechaReporte: '2021-01-07' }), { number: 50400, message: /2021-01-07/ });
    // PostgreSQL is always in a transaction
    if (dialect === 'sqlserver')
      await t.rejects(step(engine, lane), { number: 50409, message: /transaccion/ });
  }
});

await t.test(
  'readers see the last completed execution of a fund and date, and nothing behind the views',
  async (t) => {
    const fund = 80;
    const states = (lane: Lane, set: string) =>
      engine.batch(`UPDATE logs.Ejecucion_Fondos SET ${set} WHERE ID_Ejecucion = ${lane.idEjecucion}`);
    const complete = { fund, state: 'COMPLETADO' };
    const old = await ipaFinal(await execution('READ', { ...complete, begun: '2021-01-06 10:00:00' }), [
      'A',
      '1',
      '1',
    ]);
    const best = await ipaFinal(await execution('READ', { ...complete, begun: '2021-01-06 11:00:00' }), [
      'A',
      '2',
      '2',
    ]);
    await ipaFinal(await execution('READ', { ...complete, state: 'ERROR', begun: '2021-01-06 13:00:00' }), [
      'A',
      '4',
      '4',
    ]);
    // one service run alone, later
    const alone = await execution('READ', { ...complete, ipa: 'OMITIDO', begun: '2021-01-06 12:00:00' });
    await lines('CAPM', 'READC', { Cuenta: '1', Saldo: '3' });
    await run('CAPM', alone);
    await states(alone, "Estado_Process_CAPM = 'COMPLETADO'");
    await states(old, "Estado_Process_SONA = 'COMPLETADO'");

    const reader = await asRole(db, 'carril_lector');
    const ids = async (text: string) => (await reader.query(text)).map((row) => Object.values(row));
    t.same(await ids(`SELECT ID_Ejecucion FROM logs.vw_Ultima_Ejecucion WHERE ID_Fund = ${fund}`), [
      [alone.idEjecucion],
    ]);
    t.same(
      await ids(
        `SELECT Servicio, ID_Ejecucion FROM logs.vw_Ultimo_Servicio WHERE ID_Fund = ${fund} ORDER BY Servicio`,
      ),
      [
        ['CAPM', alone.idEjecucion],
        ['IPA', best.idEjecucion],
        ['SONA', old.idEjecucion],
      ],
    );
    t.same(
      await ids(
        `SELECT InvestID, CAST(Cantidad AS varchar(40)), FundShortName FROM staging.vw_IPA_Final WHERE ID_Fund = ${fund}`,
      ),
      [['A', '2.00000000', 'Fund READ']],
    );
    t.same(
      await ids(
        `SELECT CAST(Patrimonio_Contable AS varchar(40)) FROM staging.vw_CAPM_Final WHERE ID_Fund = ${fund}`,
      ),
      [['3.0000']],
    );
    for (const view of ['PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL']) {
      t.same(
        await ids(`SELECT ID_Ejecucion FROM staging.vw_${view}_Final WHERE ID_Fund = ${fund}`),
        [],
        view,
      );
      await t.rejects(reader.query(`SELECT ID_Fund FROM staging.${view}_Final`), { code: 'PERMISSION' });
    }
    t.same(
      await ids(
        `SELECT Orden, Servicio, Estado, Depende_De FROM logs.vw_Servicios_Fondo WHERE ID_Ejecucion = ${alone.idEjecucion} ORDER BY Orden`,
      ),
      [
        [1, 'IPA', 'OMITIDO', null],
        [2, 'CAPM', 'COMPLETADO', 'IPA'],
        [3, 'PosModRF', 'PENDIENTE', null],
        [4, 'SONA', 'PENDIENTE', null],
        [5, 'Derivados', 'PENDIENTE', null],
        [6, 'UBS', 'PENDIENTE', 'IPA'],
        [7, 'PNL', 'PENDIENTE', 'IPA'],
      ],
    );
    await states(alone, "Estado_Process_UBS = 'ERROR', Mensaje_Error = 'boom'");
    t.same(
      await ids(
        `SELECT Servicio, Mensaje_Error FROM logs.vw_Servicios_Fondo
       WHERE ID_Ejecucion = ${alone.idEjecucion} AND Mensaje_Error IS NOT NULL`,
      ),
      [['UBS', 'boom']],
    );

    // the old way: complete only for the funds that finished everything they began
    const shared = await execution('READ', { fund: 81, shared: true, state: 'COMPLETADO_CON_ERRORES' });
    await addFund({ ...shared, idFund: 82 }, 'ERROR');
    await states(
      shared,
      ['CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL']
        .map((name) => `Estado_Process_${name} = 'OMITIDO'`)
        .join(),
    );
    t.same(
      await ids('SELECT ID_Fund, ID_Ejecucion FROM logs.vw_Ultima_Ejecucion WHERE ID_Fund IN (81, 82)'),
      [[81, shared.idEjecucion]],
    );
  },
);

await t.test("023, there and back: a site's own services and steps stay as they were", async (t) => {
  const migrator = createMigrator(engine);
  const catalogue = async () => {
    const rows = await engine.query(
      `SELECT s.Orden AS orden, s.Servicio AS servicio, s.Activo AS activo,
         (SELECT COUNT(*) FROM logs.Servicio_Procedimientos AS p WHERE p.Servicio = s.Servicio) AS pasos
       FROM logs.Servicios AS s ORDER BY s.Orden`,
    );
    return rows.map((row) => Object.values(row).join('|'));
  };
  const all = await catalogue();
  t.same(all, [
    ...['1|IPA|true|4', '2|CAPM|true|3', '3|PosModRF|true|3', '4|SONA|true|3', '5|Derivados|true|3'],
    ...['6|UBS|true|3', '7|PNL|true|2'],
  ]);
  await migrator.down({ to: 22 });
  t.same(await catalogue(), ['1|IPA|true|4']);

  const step = 'INSERT INTO logs.Servicio_Procedimientos (Servicio, Orden, Procedimiento) VALUES';
  await engine.batch(
    "INSERT INTO logs.Servicios (Servicio, Orden, Activo) VALUES ('UBS', 2, '1'), ('PROPIO', 4, '0')",
  );
  await engine.batch(`${step} ('UBS', 1, 'staging.Del_Sitio')`);
  await migrator.up({ to: 23 });
  t.same(
    await catalogue(),
    [
      ...[
        '1|IPA|true|4',
        '2|UBS|true|1',
        '4|PROPIO|false|0',
        '5|CAPM|true|3',
        '6|PosModRF|true|3',
        '7|SONA|true|3',
      ],
      ...['8|Derivados|true|3', '10|PNL|true|2'],
    ],
    'after what is there, and in the same order',
  );
  await engine.batch(`${step} ('SONA', 9, 'staging.Del_Sitio')`);
  await migrator.down({ to: 22 });
  t.same(
    await catalogue(),
    ['1|IPA|true|4', '2|UBS|true|1', '4|PROPIO|false|0', '7|SONA|false|1'],
    'a service that has lost its own steps does not go on with the site’s alone',
  );
  await engine.batch("DELETE FROM logs.Servicio_Procedimientos WHERE Servicio <> 'IPA'");
  await engine.batch("DELETE FROM logs.Servicios WHERE Servicio <> 'IPA'");
  await migrator.up();
  t.same(await catalogue(), all);
});
