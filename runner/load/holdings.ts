import { basename } from 'node:path';

import { isDate } from '../dates.js';
import { quote } from '../quote.js';
import { readCsv } from './csv.js';
import type { CsvRecord } from './csv.js';
import { decimalProblem } from './fields.js';
import type { Position } from './position.js';
import type { Problem, Problems } from './problems.js';

const columns = ['date', 'fund', 'company', 'ticker', 'shares', 'market_value_usd', 'weight_pct'] as const;

type Column = (typeof columns)[number];

/** A holdings file after its checks: positions only when there is no problem. */
export interface HoldingsFile {
  readonly file: string;
  readonly positions: readonly Position[];
  readonly problems: readonly Problem[];
}

/** What no other file about funds has: prices, too, have a date and a fund. */
const ownColumns: readonly Column[] = ['company', 'ticker', 'shares', 'market_value_usd', 'weight_pct'];

/**
 * Whether a folder's CSV file is plainly something else than holdings. An empty file and one with some of the columns are
 * not: they are holdings that went wrong, and to skip them would hide it.
 */
export function isForeignHeader(header: readonly string[]): boolean {
  return header.length > 0 && !ownColumns.some((name) => header.includes(name));
}

/**
 * Reads and checks a holdings file.
 * @param portfolios each known fund's Portfolio_Geneva, by its short name
 */
export function readHoldings(file: string, portfolios: ReadonlyMap<string, string>): HoldingsFile {
  const { records, problems } = readCsv(file, columns);
  checkDates(file, records, problems);
  const seen = new Map<string, number>();
  const positions: Position[] = [];
  for (const record of records) {
    const position = readPosition(record, portfolios, problems);
    if (position === undefined) continue;
    // as SQL Server compares texts: without regard to case
    const key = [position.date, position.portfolio, position.investId.toLowerCase()].join('\n');
    const before = seen.get(key);
    if (before === undefined) {
      seen.set(key, record.line);
      positions.push(position);
    } else {
      problems.add(
        record.line,
        `duplicate position: ${record.get('fund')} has ${position.investId} on ${position.date} in line ${before} already`,
      );
    }
  }
  const found = problems.sorted();
  return { file, positions: found.length === 0 ? positions : [], problems: found };
}

/** All rows of a file have one date, and it is the one in the file's name, if there is one. */
function checkDates(file: string, records: readonly CsvRecord<Column>[], problems: Problems): void {
  const [named] = /\d{4}-\d\d-\d\d/.exec(basename(file)) ?? [];
  const inName = named !== undefined && isDate(named) ? named : undefined;
  let expected = inName;
  for (const record of records) {
    const date = record.get('date');
    if (!isDate(date)) {
      problems.add(record.line, `date ${quote(date)} is no date; write it as 2021-05-07`);
      continue;
    }
    expected ??= date;
    if (date !== expected) {
      const other =
        inName === undefined
          ? `the date of the file's first rows is ${expected}`
          : `the file's name says ${expected}`;
      problems.add(record.line, `date ${date} is wrong: ${other}`);
    }
  }
}

function readPosition(
  record: CsvRecord<Column>,
  portfolios: ReadonlyMap<string, string>,
  problems: Problems,
): Position | undefined {
  const { line } = record;
  const fund = record.get('fund');
  const portfolio = portfolios.get(fund);
  if (portfolio === undefined) problems.add(line, `fund ${quote(fund)} is not in dimensionales.BD_Funds`);
  const ticker = record.get('ticker');
  const company = record.get('company');
  if (ticker === '' && company === '')
    problems.add(line, 'neither ticker nor company: the position has no name');
  checkText(line, 'ticker', ticker, 50, problems);
  // without a ticker, the company's name is the InvestID
  checkText(line, 'company', company, ticker === '' ? 100 : 200, problems);
  checkNumber(line, 'shares', record.get('shares'), 28, 8, problems);
  checkNumber(line, 'market_value_usd', record.get('market_value_usd'), 19, 4, problems);
  const weight = record.get('weight_pct');
  if (weight !== '') checkNumber(line, 'weight_pct', weight, 9, 6, problems);
  if (portfolio === undefined) return undefined;
  return {
    date: record.get('date'),
    portfolio,
    investId: ticker === '' ? company : ticker,
    ticker: ticker === '' ? null : ticker,
    description: company === '' ? ticker : company,
    currency: 'USD',
    quantity: record.get('shares'),
    localPrice: null,
    marketValue: record.get('market_value_usd'),
    weight: weight === '' ? null : weight,
  };
}

function checkText(line: number, column: Column, text: string, length: number, problems: Problems): void {
  if (text.length > length)
    problems.add(line, `${column} is longer than ${length} characters: ${quote(text)}`);
}

function checkNumber(
  line: number,
  column: Column,
  text: string,
  precision: number,
  scale: number,
  problems: Problems,
): void {
  const problem = text === '' ? 'is empty' : decimalProblem(text, precision, scale);
  if (problem !== undefined) problems.add(line, `${column} ${problem}`);
}
