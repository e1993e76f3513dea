import { addWeekdays } from '../dates.js';
import type { Fund, Position } from './position.js';
import { seeded } from './random.js';
import type { Random } from './random.js';
import type { CapmLine, DerivadosLine, PosModRfLine, SonaLine, UbsLine } from './sources.js';
import { decimal, draw, instruments, syntheticFunds, syntheticPositions } from './synthetic.js';
import type { Instrument, SyntheticOptions } from './synthetic.js';

/** What the six systems say of one fund on one date. */
export interface SyntheticDay {
  readonly fund: Fund;
  readonly date: string;
  readonly positions: readonly Position[];
  readonly capm: readonly CapmLine[];
  readonly posModRf: readonly PosModRfLine[];
  readonly sona: readonly SonaLine[];
  /** Empty for a fund without Flag_Derivados. */
  readonly derivados: readonly DerivadosLine[];
  /** Empty for a fund without Flag_UBS. */
  readonly ubs: readonly UbsLine[];
}

/**
 * Made-up data of all sources that hangs together: the books close to what the positions are worth, the custodian's
 * positions the same but for a few, bonds among the positions, trades that stay until they are settled. As with positions,
 * whole numbers only, and each fund, date and source from a seed of its own.
 */
export function* syntheticDays(options: SyntheticOptions): Generator<SyntheticDay> {
  const universe = instruments(options);
  const numbers = new Map(syntheticFunds(options).map(({ shortName }, i) => [shortName, i]));
  for (const { fund, date, positions } of syntheticPositions(options)) {
    const number = numbers.get(fund.shortName) ?? 0;
    const random = (source: number, day = date) =>
      seeded(options.seed + number * 7919 + daysSinceEpoch(day) * 104_729 + source * 15_485_863);
    yield {
      fund,
      date,
      positions,
      capm: balances(fund, date, positions, random(1)),
      posModRf: bonds(date, positions, options.seed, random(2)),
      // made today and the weekday before; those of two weekdays ago are settled today
      sona: [addWeekdays(date, -1), date].flatMap((day) => trades(fund, date, day, universe, random(3, day))),
      derivados: fund.flagDerivados ? contracts(fund, date, options, random(4)) : [],
      ubs: fund.flagUbs ? custody(fund, date, positions, random(5)) : [],
    };
  }
}

/** The fund's accounts: they add up to what its positions are worth, give or take a few basis points. */
function balances(fund: Fund, date: string, positions: readonly Position[], random: Random): CapmLine[] {
  const cash = positions.filter(isCash).reduce((sum, position) => sum + cents(position), 0);
  const invested = positions.reduce((sum, position) => sum + cents(position), 0) - cash;
  /** Up to so many basis points of what is invested. */
  const part = (points: number) => Math.floor((invested / 10_000) * random.between(0, points));
  const accounts: [string, string, number][] = [
    ['1101', 'EFECTIVO Y EQUIVALENTES', cash],
    ['1201', 'INVERSIONES A VALOR DE MERCADO', invested],
    ['1301', 'DIVIDENDOS POR COBRAR', part(8)],
    ['2101', 'COMISIONES POR PAGAR', -part(6)],
    ['2201', 'OTRAS PROVISIONES', -part(4)],
  ];
  return accounts.map(([cuenta, descripcion, saldo]) => ({
    fechaReporte: date,
    portfolio: fund.portfolioCapm ?? fund.portfolioGeneva,
    cuenta,
    descripcion,
    moneda: 'USD',
    saldo: decimal(saldo, 2),
  }));
}

/** Every tenth instrument is a bond, whoever holds it: its yield and duration are its own and move a little each day. */
function bonds(date: string, positions: readonly Position[], seed: number, random: Random): PosModRfLine[] {
  return positions.flatMap((position) => {
    const number = Number(/\d+/.exec(position.description)?.[0] ?? 1);
    if (number % 10 !== 0) return [];
    const own = seeded(seed + number * 65_537);
    const [rate, duration] = [own.between(50_000, 900_000), own.between(25, 1500)];
    // the yield moves by up to 25 basis points, the duration by up to a hundredth of a year
    const [rateToday, durationToday] = [
      rate + random.between(-25, 25) * 100,
      duration + random.between(-1, 1),
    ];
    const known = random.between(1, 20) > 1;
    return [
      {
        fechaReporte: date,
        portfolio: position.portfolio,
        investId: position.investId,
        descripcion: position.description,
        moneda: position.currency,
        nominal: decimal(Math.round((cents(position) * 1000) / own.between(850, 1150)), 2),
        tir: known ? decimal(rateToday, 5) : null,
        duracionModificada: known ? decimal(durationToday, 2) : null,
        valorMercado: position.marketValue,
      },
    ];
  });
}

/** A day's trades as they stand in the report of that day or the next; settled two weekdays after they were made. */
function trades(
  fund: Fund,
  date: string,
  made: string,
  universe: readonly Instrument[],
  random: Random,
): SonaLine[] {
  const count = random.between(1, Math.max(2, Math.floor(universe.length / 120)));
  return draw(universe, count, random).map((instrument, i) => {
    const shares = random.between(1, 5000) * (random.percent(50) ? 1 : -1);
    const price = Math.floor((instrument.price * random.between(950, 1050)) / 1000);
    return {
      fechaReporte: date,
      portfolio: fund.portfolioGeneva,
      idOperacion: `${fund.shortName}-${made.replaceAll('-', '')}-${String(i + 1).padStart(3, '0')}`,
      investId: instrument.ticker ?? instrument.name,
      descripcion: instrument.name,
      moneda: 'USD',
      fechaOperacion: made,
      fechaLiquidacion: addWeekdays(made, 2),
      cantidad: String(shares),
      monto: decimal(Math.round((price * shares) / 100), 2),
    };
  });
}

const kinds = [
  { kind: 'FORWARD', name: 'FORWARD USD/EUR' },
  { kind: 'FUTURO', name: 'FUTURE S&P 500' },
  { kind: 'OPCION', name: 'CALL S&P 500' },
  { kind: 'SWAP', name: 'INTEREST RATE SWAP' },
] as const;

/** A fund's contracts are the same on all dates that are generated together; what they are worth is the date's. */
function contracts(
  fund: Fund,
  date: string,
  { seed, date: last }: SyntheticOptions,
  random: Random,
): DerivadosLine[] {
  const own = seeded(seed + Number(fund.shortName.slice(3)) * 32_452_843);
  const year = Number(last.slice(0, 4));
  return Array.from({ length: own.between(3, 8) }, (_unused, i) => {
    const { kind, name } = kinds[i % kinds.length] ?? kinds[0];
    const notional = own.between(100, 50_000) * 1000;
    const short = own.percent(40) ? -1 : 1;
    // an option's exposure is a part of its notional, and a swap has none
    const delta = kind === 'OPCION' ? random.between(2000, 8000) : kind === 'SWAP' ? undefined : 10_000;
    return {
      fechaReporte: date,
      portfolio: fund.portfolioDerivados ?? fund.portfolioGeneva,
      investId: `${fund.shortName}-${kind}-${String(i + 1).padStart(2, '0')}`,
      descripcion: name,
      tipoInstrumento: kind,
      moneda: 'USD',
      fechaVencimiento: kind === 'SWAP' ? null : `${year + 1 + (i % 3)}-12-15`,
      nocional: String(notional),
      valorMercado: decimal(Math.round(notional / 100) * random.between(-300, 300), 2),
      delta: delta === undefined ? null : decimal(delta * short, 4),
    };
  });
}

/** The fund's positions as its custodian has them: of each hundred one is missing, one is new and one has another quantity. */
function custody(fund: Fund, date: string, positions: readonly Position[], random: Random): UbsLine[] {
  const held = positions.filter((position) => !isCash(position));
  const few = Math.min(Math.floor(held.length / 2), Math.max(1, Math.round(held.length / 100)));
  const odd = draw(held, few * 2, random);
  const [missing, changed] = [new Set(odd.slice(0, few)), new Set(odd.slice(few))];
  const common = { fechaReporte: date, portfolio: fund.portfolioUbs ?? fund.portfolioGeneva, moneda: 'USD' };
  const line = (investId: string, descripcion: string, shares: number, price: number): UbsLine => ({
    ...common,
    investId,
    descripcion,
    cantidad: String(shares),
    precioLocal: decimal(price, 4),
    valorMercado: decimal(Math.round((price * shares) / 100), 2),
  });
  const same = (position: Position): UbsLine => ({
    ...common,
    investId: position.investId,
    descripcion: position.description,
    cantidad: position.quantity,
    precioLocal: isCash(position) ? '1' : decimal(priceOf(position), 4),
    valorMercado: position.marketValue,
  });
  return [
    ...positions
      .filter((position) => !missing.has(position))
      .map((position) =>
        changed.has(position)
          ? line(
              position.investId,
              position.description,
              Number(position.quantity) + random.between(1, 99),
              priceOf(position),
            )
          : same(position),
      ),
    ...Array.from({ length: few }, (_unused, i) => {
      const number = String(i + 1).padStart(3, '0');
      return line(
        `CUSTODY${number}`,
        `HELD AT THE CUSTODIAN ${number}`,
        random.between(1, 5000),
        random.between(10_000, 999_999),
      );
    }),
  ];
}

function isCash({ ticker, quantity, marketValue }: Position): boolean {
  return ticker === null && quantity === marketValue;
}

function cents({ marketValue }: Position): number {
  return Number(marketValue.replace('.', ''));
}

/** Ten-thousandths of a dollar, also where the position's own price is missing. */
function priceOf(position: Position): number {
  return Math.round((cents(position) * 100) / Number(position.quantity));
}

function daysSinceEpoch(date: string): number {
  return Date.parse(date) / 86_400_000;
}
