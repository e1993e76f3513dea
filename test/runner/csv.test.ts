import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import { findHoldings, readAll } from '../../runner/load/folder.js';
import { readFunds } from '../../runner/load/funds.js';
import { readHoldings } from '../../runner/load/holdings.js';
import type { HoldingsFile } from '../../runner/load/holdings.js';

const header = 'date,fund,company,ticker,shares,market_value_usd,weight_pct';
const portfolios = new Map([
  ['ARKK', 'P-ARKK'],
  ['ARKG', 'P-ARKG'],
]);
const folder = mkdtempSync(join(tmpdir(), 'carril csv '));
t.teardown(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function read(text: string, name = 'some.csv'): HoldingsFile {
  return readHoldings(file(name, text), portfolios);
}

/** `line: message` of each problem. */
function problems({ problems: found }: Pick<HoldingsFile, 'problems'>): string[] {
  return found.map(({ line, message }) => `${line}: ${message}`);
}

t.test('BOM, CRLF, quotes, spaces, other order of columns, empty lines', (t) => {
  const text = [
    '\ufeffFund,Date,Ticker,Company,Shares,Market_Value_USD,weight_pct,extra',
    'ARKK,2021-05-07,ONVO ,"ORGANOVO ""HOLDINGS"", INC",168863.0,1585623.57,0.05,x',
    '',
    'ARKK,2021-05-07,, DREYFUS GOVT CASH ,10.5,10.5,,x',
  ].join('\r\n');
  const { positions, problems: found } = read(text, '2021-05-07.csv');
  t.same(found, []);
  t.same(positions, [
    {
      date: '2021-05-07',
      portfolio: 'P-ARKK',
      investId: 'ONVO',
      ticker: 'ONVO',
      description: 'ORGANOVO "HOLDINGS", INC',
      currency: 'USD',
      quantity: '168863.0',
      localPrice: null,
      marketValue: '1585623.57',
      weight: '0.05',
    },
    {
      date: '2021-05-07',
      portfolio: 'P-ARKK',
      investId: 'DREYFUS GOVT CASH',
      ticker: null,
      description: 'DREYFUS GOVT CASH',
      currency: 'USD',
      quantity: '10.5',
      localPrice: null,
      marketValue: '10.5',
      weight: null,
    },
  ]);
  t.end();
});

t.test('every problem at once, and nothing of the file', (t) => {
  const holdings = read(
    [
      header,
      '2021-05-07,ARKK,TESLA,TSLA,"1,000",2.0,3', // line 2
      '2021-05-07,ARKX,TESLA,TSLA,1,2.0,3',
      '2021-05-06,ARKG,TESLA,TSLA,1,2.0,3',
      '07/05/2021,ARKG,APPLE,AAPL,1,2.0,3',
      '2021-05-07,ARKG,"TWO', // a field over two lines
      'LINES",AAPL,1,,3',
      '2021-05-07,ARKG,APPLE,AAPL ,1,2.0,3',
      '2021-05-07,ARKK,,,1e3,12345678901234567.0,0.1234567',
      '2021-05-07,ARKK,ROKU,ROKU,1,2.0',
      '2021-02-30,ARKK,ROKU,ROKU,1,2.0,3',
    ].join('\n'),
    'ark-2021-05-07.csv',
  );
  t.same(holdings.positions, []);
  t.same(problems(holdings), [
    "2: shares '1,000' is no number (digits with a decimal point, no separators)",
    "3: fund 'ARKX' is not in dimensionales.BD_Funds",
    "4: date 2021-05-06 is wrong: the file's name says 2021-05-07",
    "5: date '07/05/2021' is no date; write it as 2021-05-07",
    '6: market_value_usd is empty',
    '8: duplicate position: ARKG has AAPL on 2021-05-07 in line 6 already',
    '9: neither ticker nor company: the position has no name',
    "9: shares '1e3' is no number (digits with a decimal point, no separators)",
    "9: market_value_usd '12345678901234567.0' is too large: at most 15 digits before the point",
    "9: weight_pct '0.1234567' is too exact: at most 6 decimals are kept",
    "10: 6 fields instead of the header's 7",
    "11: date '2021-02-30' is no date; write it as 2021-05-07",
  ]);
  t.end();
});

t.test('a date that differs from the other rows', (t) => {
  const rows = ['2021-05-07,ARKK,A,A,1,1,1', '2021-05-08,ARKK,B,B,1,1,1'];
  t.same(problems(read([header, ...rows].join('\n'))), [
    "3: date 2021-05-08 is wrong: the date of the file's first rows is 2021-05-07",
  ]);
  t.end();
});

t.test('broken files', (t) => {
  t.same(problems(read('')), [
    '1: the file is empty; its first line must name the columns date, fund, company, ticker, shares, market_value_usd, weight_pct',
  ]);
  t.same(problems(read('date,fund,company,shares,shares\n2021-05-07,ARKK,A,1,1')), [
    "1: column 'shares' stands there twice",
    '1: column ticker is missing',
    '1: column market_value_usd is missing',
    '1: column weight_pct is missing',
  ]);
  const [first, second] = problems(
    read(`${header}\n2021-05-07,ARKK,A,A,x,1,1\n2021-05-07,ARKK,"B,B,1,1,1\n`),
  );
  t.match(first, /^2: shares 'x'/);
  t.match(second, /^3: no CSV from here on: /);
  const utf16 = file('utf16.csv', Buffer.from(`\ufeff${header}\n`, 'utf16le'));
  t.match(problems(readHoldings(utf16, portfolios))[0], /UTF-16/);
  t.end();
});

t.test('a folder: other CSV files are skipped, a position in two files is a problem', (t) => {
  const inner = mkdtempSync(join(folder, 'folder '));
  const write = (name: string, text: string) => {
    writeFileSync(join(inner, name), text);
  };
  write('2021-05-06.csv', `${header}\n2021-05-06,ARKK,A,A,1,1,1\n`);
  write('2021-05-07.csv', `${header}\n2021-05-07,ARKK,A,A,1,1,1\n`);
  write('again-2021-05-07.csv', `${header}\n2021-05-07,ARKK,B,B,1,1,1\n`);
  write('fund_prices.csv', 'date,fund,open\n2021-05-07,ARKK,1\n');
  write('README.md', 'no csv');
  const { files, skipped } = findHoldings(inner);
  t.same(skipped, [join(inner, 'fund_prices.csv')]);
  t.same(files.length, 3);
  const read = readAll(files, portfolios);
  t.same(
    read.map(({ positions }) => positions.length),
    [1, 1, 0],
  );
  t.match(read[2]?.problems, [{ line: 1, message: /P-ARKK on 2021-05-07 is in .*2021-05-07\.csv already/ }]);
  t.throws(() => findHoldings(join(inner, 'nothing.csv')), { name: 'UsageError' });
  t.end();
});

t.test('funds', (t) => {
  const good = readFunds(file('funds.csv', 'FundShortName,portfolio_geneva,Flag_UBS\r\nARKK,G1,yes\r\n'));
  t.match(good, {
    problems: [],
    funds: [{ shortName: 'ARKK', portfolioGeneva: 'G1', flagUbs: true, active: true, portfolioCapm: null }],
  });
  const bad = readFunds(
    file('bad-funds.csv', 'FundShortName,Portfolio_Geneva,Active\nARKK,,maybe\narkk,G1,1\n'),
  );
  t.same(problems(bad), [
    '2: Portfolio_Geneva is empty',
    "2: Active 'maybe' is neither 0 nor 1",
    "3: duplicate fund: 'arkk' stands in line 2 already",
  ]);
  t.same(bad.funds, []);
  t.end();
});
