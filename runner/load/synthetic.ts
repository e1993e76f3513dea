import { weekdaysUntil } from '../dates.js';
import type { Fund, Position } from './position.js';
import { seeded } from './random.js';
import type { Random } from './random.js';

export interface SyntheticOptions {
  readonly funds: number;
  /** Lines a fund and date, its cash line included. */
  readonly positions: number;
  readonly seed: number;
  /** Last date; the others are the weekdays before it. */
  readonly date: string;
  readonly dates: number;
}

/** What funds hold and trade. */
export interface Instrument {
  readonly ticker: string | null;
  readonly name: string;
  /** Ten-thousandths of a dollar. */
  readonly price: number;
}

/** Made-up funds: their names never meet a real one's. */
export function syntheticFunds(options: SyntheticOptions): readonly Fund[] {
  const digits = Math.max(3, String(options.funds).length);
  return Array.from({ length: options.funds }, (_unused, i) => {
    const name = `SYN${String(i + 1).padStart(digits, '0')}`;
    return {
      shortName: name,
      portfolioGeneva: name,
      portfolioCapm: name,
      portfolioDerivados: i % 5 === 0 ? name : null,
      portfolioUbs: i % 4 === 0 ? name : null,
      flagUbs: i % 4 === 0,
      flagDerivados: i % 5 === 0,
      active: true,
      incluirEnCubo: true,
    };
  });
}

/**
 * Made-up holdings, one fund and date after the other: one cash line each, the rest drawn from instruments that several
 * funds share, a tenth without a ticker; of the prices a fifth are missing and a tenth zero, so that there is something to
 * look up. Whole numbers only until the text is made: the same rows on every machine and engine.
 */
export function* syntheticPositions(
  options: SyntheticOptions,
): Generator<{ readonly fund: Fund; readonly date: string; readonly positions: readonly Position[] }> {
  const universe = instruments(options);
  const funds = syntheticFunds(options);
  for (const [day, date] of weekdaysUntil(options.date, options.dates).entries()) {
    for (const [i, fund] of funds.entries()) {
      // each fund and day from a seed of its own: one more fund or date changes nothing of the others
      const random = seeded(options.seed + i * 7919 + day * 104_729 + 1);
      yield { fund, date, positions: holdings(options, fund, date, universe, random) };
    }
  }
}

/** All that there is to hold: three times what one fund holds. */
export function instruments({ seed, positions }: SyntheticOptions): readonly Instrument[] {
  const random = seeded(seed);
  return Array.from({ length: positions * 3 }, (_unused, i) => {
    const number = String(i + 1).padStart(5, '0');
    return {
      ticker: random.percent(90) ? `T${number}` : null,
      name: `COMPANY ${number} INC`,
      price: random.between(10_000, 9_999_999),
    };
  });
}

function holdings(
  { positions }: SyntheticOptions,
  { portfolioGeneva: portfolio }: Fund,
  date: string,
  universe: readonly Instrument[],
  random: Random,
): readonly Position[] {
  const cash = random.between(1_000_000, 900_000_000);
  const lines = draw(universe, positions - 1, random).map((instrument) => {
    // a day's price lies up to 5 % beside the instrument's
    const price = Math.floor((instrument.price * random.between(950, 1050)) / 1000);
    const shares = random.between(100, 50_000);
    return {
      instrument,
      price,
      shares,
      cents: Math.round((price * shares) / 100),
      kind: random.between(1, 10),
    };
  });
  const total = lines.reduce((sum, { cents }) => sum + cents, cash);
  const common = { date, portfolio, currency: 'USD' };
  return [
    ...lines.map(({ instrument, price, shares, cents, kind }) => ({
      ...common,
      investId: instrument.ticker ?? instrument.name,
      ticker: instrument.ticker,
      description: instrument.name,
      quantity: String(shares),
      localPrice: kind <= 2 ? null : kind === 3 ? '0' : decimal(price, 4),
      marketValue: decimal(cents, 2),
      weight: decimal(Math.round((cents * 10_000) / total), 2),
    })),
    {
      ...common,
      investId: 'MONEY MARKET FUND',
      ticker: null,
      description: 'MONEY MARKET FUND',
      quantity: decimal(cash, 2),
      localPrice: '1',
      marketValue: decimal(cash, 2),
      weight: decimal(Math.round((cash * 10_000) / total), 2),
    },
  ];
}

/** So many different ones: the first steps of a Fisher-Yates shuffle. */
export function draw<Item>(universe: readonly Item[], count: number, random: Random): readonly Item[] {
  const order = [...universe];
  for (let i = 0; i < count; i += 1) {
    const other = random.between(i, order.length - 1);
    const [mine, theirs] = [order[i], order[other]];
    if (mine !== undefined && theirs !== undefined) [order[i], order[other]] = [theirs, mine];
  }
  return order.slice(0, count);
}

/** A whole number of ten-to-the-minus-`scale`ths as a decimal: 12345, 2 → 123.45. */
export function decimal(units: number, scale: number): string {
  const digits = String(Math.abs(units)).padStart(scale + 1, '0');
  return `${units < 0 ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
