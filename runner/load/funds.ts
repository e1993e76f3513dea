import { quote } from '../quote.js';
import { readCsv } from './csv.js';
import type { CsvRecord } from './csv.js';
import { readFlag } from './fields.js';
import type { Fund } from './position.js';
import type { Problem, Problems } from './problems.js';

const required = ['FundShortName', 'Portfolio_Geneva'] as const;
const optional = [
  'Portfolio_CAPM',
  'Portfolio_Derivados',
  'Portfolio_UBS',
  'Flag_UBS',
  'Flag_Derivados',
  'Active',
  'Incluir_En_Cubo',
] as const;

type Column = (typeof required)[number] | (typeof optional)[number];

/** A fund master file after its checks: funds only when there is no problem. */
export interface FundsFile {
  readonly file: string;
  readonly funds: readonly Fund[];
  readonly problems: readonly Problem[];
}

/** Reads and checks a file of funds; a column that is left out takes the default of `dimensionales.BD_Funds`. */
export function readFunds(file: string): FundsFile {
  const { records, problems } = readCsv<Column>(file, required, optional);
  const seen = new Map<string, number>();
  const funds = records.map((record) => {
    const fund = readFund(record, problems);
    const key = fund.shortName.toLowerCase();
    const before = seen.get(key);
    if (before === undefined) seen.set(key, record.line);
    else
      problems.add(record.line, `duplicate fund: ${quote(fund.shortName)} stands in line ${before} already`);
    return fund;
  });
  const found = problems.sorted();
  return { file, funds: found.length === 0 ? funds : [], problems: found };
}

function readFund(record: CsvRecord<Column>, problems: Problems): Fund {
  const text = (column: Column, length: number): string => {
    const value = record.get(column);
    if (value.length > length)
      problems.add(record.line, `${column} is longer than ${length} characters: ${quote(value)}`);
    return value;
  };
  const needed = (column: Column, length: number): string => {
    const value = text(column, length);
    if (value === '') problems.add(record.line, `${column} is empty`);
    return value;
  };
  const flag = (column: Column, otherwise: boolean): boolean => {
    const value = record.get(column);
    if (value === '') return otherwise;
    const read = readFlag(value);
    if (read === undefined) problems.add(record.line, `${column} ${quote(value)} is neither 0 nor 1`);
    return read ?? otherwise;
  };
  return {
    shortName: needed('FundShortName', 100),
    portfolioGeneva: needed('Portfolio_Geneva', 50),
    portfolioCapm: text('Portfolio_CAPM', 50) || null,
    portfolioDerivados: text('Portfolio_Derivados', 50) || null,
    portfolioUbs: text('Portfolio_UBS', 50) || null,
    flagUbs: flag('Flag_UBS', false),
    flagDerivados: flag('Flag_Derivados', false),
    active: flag('Active', true),
    incluirEnCubo: flag('Incluir_En_Cubo', true),
  };
}
