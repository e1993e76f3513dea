import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import { packageRoot } from '../../engine/index.js';
import { homol } from '../../procedures/generated/index.js';
import { findFiles } from '../../runner/load/folder.js';
import { isForeignTo, readSource } from '../../runner/load/source-file.js';
import {
  capm,
  columnNames,
  derivados,
  ipa,
  posModRf,
  sona,
  sources,
  ubs,
} from '../../runner/load/sources.js';

const folder = mkdtempSync(join(tmpdir(), 'carril sources '));
t.teardown(() => {
  rmSync(folder, { recursive: true });
});

function file(...lines: string[]): string {
  const path = join(folder, 'some.csv');
  writeFileSync(path, lines.join('\r\n'));
  return path;
}

t.test('columns are those of the table types, in their order', (t) => {
  const types = [
    homol.filasIpaV1,
    homol.filasCapmV1,
    homol.filasPosModRfV1,
    homol.filasSonaV1,
    homol.filasDerivadosV1,
    homol.filasUbsV1,
  ];
  t.same(
    sources.map(columnNames),
    types.map(({ columns }) => columns.map(({ name }) => name).filter((name) => name !== 'Linea')),
  );
  for (const [i, { table, columns }] of sources.entries()) {
    for (const column of Object.values(columns)) {
      const declared = types[i]?.columns.find(({ name }) => name === column.name);
      if (column.name !== 'Descripcion') t.equal(column.blank, declared?.nullable, `${table}.${column.name}`);
      if (column.kind === 'text')
        t.match(declared?.type, { length: column.length }, `${table}.${column.name}`);
    }
  }
  t.end();
});

t.test('BOM, CRLF, quotes, spaces, other order and case of columns', (t) => {
  const { problems, lines, pairs } = readSource(
    ubs,
    file(
      '\ufeffportfolio,FECHAREPORTE,InvestID,Descripcion,Moneda,Cantidad,PrecioLocal,ValorMercado,more',
      'U1,2021-05-07, ALFA ,"ALFA ""FOODS"", INC",USD,1000.5,,25.1,x',
      '',
      'U1,2021-05-07,BRAV,,USD,-1,3,0,',
    ),
  );
  t.same(problems, []);
  t.same([...pairs], [['U1 on 2021-05-07', 'U1']]);
  const same = { fechaReporte: '2021-05-07', portfolio: 'U1', moneda: 'USD' };
  t.same(lines, [
    {
      ...same,
      linea: 2,
      investId: 'ALFA',
      descripcion: 'ALFA "FOODS", INC',
      cantidad: '1000.5',
      precioLocal: null,
      valorMercado: '25.1',
    },
    {
      ...same,
      linea: 4,
      investId: 'BRAV',
      descripcion: '',
      cantidad: '-1',
      precioLocal: '3',
      valorMercado: '0',
    },
  ]);
  t.end();
});

t.test('every bad cell by line and column, and nothing of the file', (t) => {
  const { problems, lines } = readSource(
    sona,
    file(
      'FechaReporte,Portfolio,ID_Operacion,InvestID,Descripcion,Moneda,FechaOperacion,FechaLiquidacion,Cantidad,Monto',
      '2021-05-07,F1,OP1,A,A INC,USD,2021-05-06,2021-05-10,10,100',
      `2021-02-30,,OP2,${'x'.repeat(101)},A INC,usd,06/05/2021,,1e3,"1,000"`,
      '2021-05-07,f1,op1,B,B INC,USD,2021-05-06,2021-05-10,12345678901234567890123,0.00001',
      '2021-05-07,f1,op1,B,B INC,USD,2021-05-06,2021-05-10,1,1',
      '2021-05-07,F1,OP3,B,B INC,USD,2021-05-06,2021-05-10,1',
    ),
  );
  t.same(lines, []);
  t.same(
    problems.map(({ line, message }) => `${line}: ${message}`),
    [
      "3: FechaReporte '2021-02-30' is no date; write it as 2021-05-07",
      '3: Portfolio is empty',
      `3: InvestID is longer than 100 characters: '${'x'.repeat(60)}…'`,
      "3: Moneda 'usd' is no currency; write three capital letters, as USD",
      "3: FechaOperacion '06/05/2021' is no date; write it as 2021-05-07",
      '3: FechaLiquidacion is empty',
      "3: Cantidad '1e3' is no number (digits with a decimal point, no separators)",
      "3: Monto '1,000' is no number (digits with a decimal point, no separators)",
      "4: Cantidad '12345678901234567890123' is too large: at most 20 digits before the point",
      "4: Monto '0.00001' is too exact: at most 4 decimals are kept",
      '5: ID_Operacion op1 of f1 on 2021-05-07 stands in line 2 already',
      "6: 9 fields instead of the header's 10",
    ],
  );
  t.end();
});

t.test('files that are no use', (t) => {
  const problems = (...lines: string[]) =>
    readSource(capm, file(...lines)).problems.map(({ line, message }) => `${line}: ${message}`);
  t.match(problems(''), [/^1: the file is empty; .* FechaReporte, Portfolio, Cuenta,/]);
  t.same(problems('FechaReporte,Portfolio,Cuenta,Moneda,Saldo'), ['1: column Descripcion is missing']);
  t.same(problems('FechaReporte,Portfolio,Cuenta,Descripcion,Moneda,Saldo'), [
    '1: there is no line below the header',
  ]);
  t.match(
    problems(
      'FechaReporte,Portfolio,Cuenta,Descripcion,Moneda,Saldo',
      '2021-05-07,F,1,A,USD,1',
      '2021-05-07,F,1,A,USD,2',
    ),
    [/^3: Cuenta 1, Moneda USD of F on 2021-05-07 stands in line 2 already/],
  );
  t.end();
});

t.test("a folder: other sources' files are skipped, those that went wrong are not", (t) => {
  const inner = mkdtempSync(join(folder, 'folder '));
  const write = (name: string, text: string) => {
    writeFileSync(join(inner, name), text);
  };
  for (const source of sources) write(`${source.name}.csv`, `${columnNames(source).join(',')}\n`);
  write('prices.csv', 'date,fund,open\n');
  write('half.csv', 'FechaReporte,Portfolio,Saldo\n');
  write('empty.csv', '');
  const names = (source: (typeof sources)[number]) =>
    findFiles(inner, source.table, (header) => isForeignTo(source, header)).files.map((path) =>
      path.slice(inner.length + 1),
    );
  t.same(names(ubs), ['empty.csv', 'ubs.csv'], 'whose columns are all in those of IPA');
  t.same(names(ipa), ['empty.csv', 'ipa.csv']);
  t.same(names(capm), ['capm.csv', 'empty.csv', 'half.csv']);
  t.same(names(posModRf), ['empty.csv', 'posmodrf.csv']);
  t.end();
});

t.test('the samples are sound and meet in what they say', (t) => {
  const sample = (name: string) => join(packageRoot(), 'samples', 'sources', `${name}.csv`);
  const read = [
    readSource(ipa, sample('ipa')),
    readSource(capm, sample('capm')),
    readSource(posModRf, sample('posmodrf')),
    readSource(sona, sample('sona')),
    readSource(derivados, sample('derivados')),
    readSource(ubs, sample('ubs')),
  ];
  t.same(
    read.flatMap(({ problems }) => problems),
    [],
  );
  t.same(
    read.map(({ lines }) => lines.length),
    [7, 6, 2, 3, 3, 5],
  );
  t.end();
});
