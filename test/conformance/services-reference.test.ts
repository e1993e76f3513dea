/**
 * Each service's arithmetic against a second computation of it, in whole numbers, from the rows that were loaded: on the ten
 * real days, whose other five sources are drawn around the positions, and on made-up funds. Run through processes, by lanes.
 */
import { join } from 'node:path';

import t from 'tap';

import { dimensionales } from '../../procedures/generated/index.js';
import { packageRoot } from '../../engine/index.js';
import { findHoldings, readAll } from '../../runner/load/folder.js';
import type { Position as Line } from '../../runner/load/position.js';
import { seeded } from '../../runner/load/random.js';
import { syntheticPositions } from '../../runner/load/synthetic.js';
import { writePositions } from '../../runner/load/write.js';
import { processWorker, startProcess } from '../../runner/process.js';
import { readServiceResults, readServiceRows } from '../../runner/results.js';
import type { ServiceRow } from '../../runner/results.js';
import { must } from '../reference/group.js';
import type { Loaded } from '../reference/group.js';
import { ipa } from '../reference/ipa.js';
import type { Position } from '../reference/ipa.js';
import { capm, derivados, pnl, posModRf, sona, ubs } from '../reference/services.js';
import { freshDatabase } from '../testing/index.js';
import { finals, load, loaded, services } from './services.js';
import type { File, Service, Source } from './services.js';

const seed = Number(process.env['CARRIL_SERVICES_SEED'] ?? 20_210_507);
const random = seeded(seed);

interface Day {
  readonly date: string;
  readonly fund: string;
  readonly lines: readonly Line[];
}

/** Codes of its own in every system, so that a line that comes from the wrong one shows. */
interface Fund {
  readonly name: string;
  readonly capm: string | null;
  readonly derivados: string | null;
  readonly ubs: string | null;
}

const days = [...realDays(), ...madeUpDays()];
const funds: readonly Fund[] = [...new Set(days.map(({ fund }) => fund))].map((name) => ({
  name,
  capm: name === 'ARKX' ? null : `${name} C`,
  derivados: ['ARKF', 'ARKK', 'ARKX', 'SYN001', 'SYN003'].includes(name) ? `${name} D` : null,
  ubs: ['ARKG', 'ARKK', 'ARKW', 'SYN001', 'SYN002'].includes(name) ? `${name} U` : null,
}));
/** A file that never came: the fund has no line that day, and the day after looks back past it. */
const missing = { date: '2021-04-29', fund: 'ARKQ' };

function fundOf(name: string): Fund {
  const fund = funds.find((one) => one.name === name);
  if (fund === undefined) throw new Error(name);
  return fund;
}

function realDays(): Day[] {
  const folder = join(packageRoot(), 'samples', 'holdings');
  const codes = new Map(['ARKF', 'ARKG', 'ARKK', 'ARKQ', 'ARKW', 'ARKX'].map((name) => [name, name]));
  const files = readAll(findHoldings(folder).files, codes);
  const lines = files.flatMap(({ positions }) => positions);
  return [...codes.keys()].flatMap((fund) =>
    [...new Set(lines.map(({ date }) => date))].map((date) => ({
      date,
      fund,
      lines: lines.filter((line) => line.date === date && line.portfolio === fund),
    })),
  );
}

function madeUpDays(): Day[] {
  const options = { funds: 4, positions: 60, seed, date: '2024-06-28', dates: 3 };
  return [...syntheticPositions(options)].map(({ fund, date, positions }) => ({
    date,
    fund: fund.shortName,
    lines: positions,
  }));
}

const { engine } = await freshDatabase(t);
await dimensionales.cargarFondos(engine, {
  filas: funds.map(({ name, capm, derivados, ubs }, at) => ({
    linea: at + 1,
    fundShortName: name,
    portfolioGeneva: name,
    portfolioCapm: capm,
    portfolioDerivados: derivados,
    portfolioUbs: ubs,
    flagUbs: ubs !== null,
    flagDerivados: derivados !== null,
    active: true,
    incluirEnCubo: true,
  })),
});
const came = days.filter(({ date, fund }) => date !== missing.date || fund !== missing.fund);
await writePositions(
  engine,
  came.flatMap(({ lines }) => lines),
);
const files = (
  portfolioOf: (fund: Fund) => string | null,
  linesOf: (day: Day) => readonly Loaded[],
): File[] =>
  came.flatMap((day) => {
    const portfolio = portfolioOf(fundOf(day.fund));
    return portfolio === null ? [] : [{ date: day.date, portfolio, lines: linesOf(day) }];
  });
await load(
  engine,
  'PosModRF',
  files(({ name }) => name, bonds),
);
await load(
  engine,
  'SONA',
  files(({ name }) => name, trades),
);
await load(
  engine,
  'CAPM',
  files(({ capm }) => capm, balances),
);
await load(
  engine,
  'Derivados',
  files(({ derivados }) => derivados, contracts),
);
await load(
  engine,
  'UBS',
  files(({ ubs }) => ubs, custody),
);
t.comment(`CARRIL_SERVICES_SEED=${seed}`);

const source = Object.fromEntries(
  await Promise.all(
    (['IPA', 'CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS'] as const).map(
      async (name) => [name, await loaded(engine, name)] as const,
    ),
  ),
) as Record<Source, readonly Loaded[]>;
const before = new Map<string, { readonly date: string; readonly positions: readonly Position[] }>();

for (const date of [...new Set(days.map((day) => day.date))].sort()) {
  const names = days.filter((day) => day.date === date).map(({ fund }) => fund);
  await t.test(date, async (t) => {
    const started = await startProcess(engine, date, names);
    await processWorker(engine, started, { lanes: 4 }).run();
    const expected = Object.fromEntries(services.map((service) => [service, [] as string[]])) as Record<
      Service,
      string[]
    >;
    for (const name of names) {
      const results = compute(date, name);
      for (const service of services) expected[service].push(...results[service]);
    }
    for (const service of services) {
      const found = await finals(
        engine,
        service,
        `x.ID_Ejecucion IN (SELECT e.ID_Ejecucion FROM logs.Ejecuciones AS e WHERE e.ID_Proceso = ${started.id})`,
      );
      t.ok(expected[service].length > 0, `${service} has something to compare`);
      t.same(found, expected[service].sort(), service);
      const rows = await readServiceResults(engine, service, started.id);
      t.same(rows.map(asFinal).sort(), found, `${service} as carril results reads it`);
    }
    const counted = await readServiceRows(engine, started.id);
    for (const service of services) {
      const own = counted.filter((one) => one.service === service);
      t.equal(own.length, names.length, 'a line a fund');
      t.equal(
        own.reduce((sum, one) => sum + one.rows, 0),
        expected[service].length,
      );
    }
    const states = await engine.query(
      `SELECT DISTINCT e.Estado AS estado FROM logs.Ejecuciones AS e WHERE e.ID_Proceso = ${started.id}`,
    );
    t.same(states, [{ estado: 'COMPLETADO' }]);
  });
}

/** As `finals` has it, which compares no currency of IPA's. */
function asFinal({ fund: _fund, execution_id: _execution, ...row }: ServiceRow): string {
  const columns =
    'es_efectivo' in row ? Object.entries(row).filter(([name]) => name !== 'moneda') : Object.entries(row);
  return columns.map(([, value]) => value).join('|');
}

/** What every service of one fund should have on a date. */
function compute(date: string, name: string): Record<Service, readonly string[]> {
  const fund = fundOf(name);
  const of = (from: Source, portfolio: string | null) =>
    source[from].filter((line) => must(line, 'FechaReporte') === date && line['Portfolio'] === portfolio);
  const positions = ipa(of('IPA', name), source.IPA, date);
  const previous = before.get(name) ?? null;
  if (positions.length > 0) before.set(name, { date, positions });
  return {
    IPA: positions.map(({ row }) => row),
    CAPM: capm(of('CAPM', fund.capm), positions),
    PosModRF: posModRf(of('PosModRF', name)),
    SONA: sona(of('SONA', name), date),
    Derivados: derivados(of('Derivados', fund.derivados)),
    UBS: fund.ubs === null ? [] : ubs(of('UBS', fund.ubs), positions),
    PNL: pnl(positions, previous),
  };
}

function decimal(whole: number, scale: number, negative = 0): string {
  const digits = String(random.between(0, 10 ** scale - 1)).padStart(scale, '0');
  return `${random.percent(negative) ? '-' : ''}${random.between(0, whole)}.${digits}`;
}

/** Accounts that come near the positions' total. */
function balances({ lines }: Day): Loaded[] {
  const dollars = lines.reduce(
    (total, { marketValue }) => total + BigInt(marketValue.split('.')[0] ?? '0'),
    0n,
  );
  return [
    { Cuenta: '1100', Saldo: `${dollars}.${random.between(0, 9_999)}` },
    { Cuenta: '1200', Saldo: decimal(2_000_000, 4, 50) },
    { Cuenta: '2100', Saldo: decimal(90_000, 4, 100) },
    { Cuenta: '2100', Saldo: decimal(90_000, 4, 100) },
  ];
}

/** Twelve lines of at most nine bonds, some of them sold short, some without a yield or a duration. */
function bonds(): Loaded[] {
  return Array.from({ length: 12 }, (_unused, at) => ({
    InvestID: `BOND ${random.between(1, 9)}`,
    Descripcion: `line ${at}`,
    Nominal: decimal(1_000_000, 8),
    TIR: random.percent(20) ? null : decimal(12, 8, 10),
    DuracionModificada: random.percent(20) ? null : decimal(25, 8, 5),
    ValorMercado: decimal(5_000_000, 4, 10),
  }));
}

/** Trades around the date, parts of one trade and other currencies among them. */
function trades({ date, lines }: Day): Loaded[] {
  const around = (days: number) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
  return Array.from({ length: 10 }, (_unused, at) => ({
    ID_Operacion: `OP ${random.between(1, 8)}`,
    InvestID: lines[random.between(0, Math.min(4, lines.length - 1))]?.investId ?? `NONE ${at}`,
    Moneda: random.percent(80) ? 'USD' : 'CLP',
    FechaOperacion: around(random.between(-3, 1)),
    FechaLiquidacion: around(random.between(-1, 2)),
    Cantidad: decimal(10_000, 8, 50),
    Monto: decimal(1_000_000, 4, 50),
  }));
}

/** Derivatives with all the digits that their columns hold. */
function contracts(): Loaded[] {
  return Array.from({ length: 8 }, (_unused, at) => ({
    InvestID: `FWD ${random.between(1, 6)}`,
    Descripcion: `line ${at}`,
    Nocional: decimal(2_000_000_000, 8, 40),
    ValorMercado: decimal(1_000_000, 4, 40),
    Delta: random.percent(15) ? null : decimal(1, 9, 40) + String(random.between(0, 9)),
  }));
}

/** The positions as a custodian would have them: some missing, some different, some in two lines, cash of its own. */
function custody({ lines }: Day): Loaded[] {
  return [
    { InvestID: 'ONLY THERE', Cantidad: decimal(1_000, 8) },
    { InvestID: 'NOTHING OF IT', Cantidad: '0' },
    ...lines.flatMap(({ investId, quantity, ticker }): Loaded[] => {
      const kind = random.between(1, 20);
      if (kind === 1) return [];
      if (kind === 2) return [{ InvestID: investId, Cantidad: decimal(100_000, 8) }];
      if (kind === 3 || ticker === null) {
        const part = decimal(1_000, 8);
        return [part, ticker === null ? '5' : quantity, `-${part}`].map((Cantidad) => ({
          InvestID: investId,
          Cantidad,
        }));
      }
      return [{ InvestID: investId, Cantidad: quantity }];
    }),
  ];
}
