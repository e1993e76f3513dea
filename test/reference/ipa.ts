import { quotient, sum, text, units } from './decimal.js';
import { byId, groups, largest, must } from './group.js';
import type { Loaded } from './group.js';

export interface Position {
  readonly id: string;
  /** Scale 8. */
  readonly quantity: bigint;
  /** Scale 4. */
  readonly value: bigint;
  readonly cash: boolean;
  /** As it stands in staging.IPA_Final: the columns that a reader adds up or compares. */
  readonly row: string;
}

/**
 * staging.IPA_Final of one fund and date.
 * @param lines of the fund and date in homol.IPA, as loaded
 * @param all lines of every fund and date: where a missing price is looked up
 */
export function ipa(lines: readonly Loaded[], all: readonly Loaded[], date: string): readonly Position[] {
  const priced = lines.map((line) => ({
    id: must(line, 'InvestID'),
    quantity: units(must(line, 'Cantidad'), 8),
    value: units(must(line, 'ValorMercado'), 4),
    description: must(line, 'Descripcion'),
    cash: (line['Ticker'] ?? '').trim() === '' && sameValue(line),
    ...priceOf(line, all, date),
  }));
  const positions = byId(
    groups(priced, ({ id }) => id).map(([id, members]) => ({
      id,
      main: largest(members, ({ value }) => value),
      quantity: sum(members.map(({ quantity }) => quantity)),
      value: sum(members.map(({ value }) => value)),
      lines: members.length,
      repriced: members.filter(({ repriced }) => repriced).length,
      cash: members.every(({ cash }) => cash),
    })),
  );
  const total = sum(positions.map(({ value }) => value));
  const weights = positions.map(({ value }) =>
    total === 0n ? 0n : quotient(value * 100n * 10n ** 10n, total),
  );
  if (total !== 0n) {
    const at = positions.indexOf(largest(positions, ({ value }) => value));
    weights[at] = (weights[at] ?? 0n) + 100n * 10n ** 10n - sum(weights);
  }
  return positions.map(({ id, main, quantity, value, lines: count, repriced, cash }, at) => ({
    id,
    quantity,
    value,
    cash,
    row: [
      id,
      main.description,
      text(quantity, 8),
      main.price === null ? '' : text(main.price, 8),
      text(value, 4),
      text(weights[at] ?? 0n, 10),
      count,
      repriced,
      cash,
    ].join('|'),
  }));
}

function sameValue(line: Loaded): boolean {
  return units(must(line, 'Cantidad'), 8) === units(must(line, 'ValorMercado'), 8);
}

/** The line's own price, else the latest known one, else value / quantity, else none. */
function priceOf(
  line: Loaded,
  all: readonly Loaded[],
  date: string,
): { readonly price: bigint | null; readonly repriced: boolean } {
  const own = line['PrecioLocal'];
  if (own != null && units(own, 8) !== 0n) return { price: units(own, 8), repriced: false };
  const known = all.filter(
    (other) =>
      other['InvestID'] === line['InvestID'] &&
      must(other, 'FechaReporte') <= date &&
      other['PrecioLocal'] != null &&
      units(other['PrecioLocal'], 8) > 0n,
  );
  const latest = known.reduce((newest, other) => {
    const day = must(other, 'FechaReporte');
    return day > newest ? day : newest;
  }, '');
  const [best] = byId(
    known
      .filter((other) => other['FechaReporte'] === latest)
      // of one portfolio the first line: the sort keeps their order
      .map((other) => ({ id: must(other, 'Portfolio'), price: units(must(other, 'PrecioLocal'), 8) })),
  );
  if (best !== undefined) return { price: best.price, repriced: true };
  const quantity = units(must(line, 'Cantidad'), 8);
  if (quantity === 0n) return { price: null, repriced: false };
  // scale 4 over scale 8, to scale 8
  return { price: quotient(units(must(line, 'ValorMercado'), 4) * 10n ** 12n, quantity), repriced: true };
}
