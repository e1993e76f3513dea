import { absolute, quotient, rescaled, sum, text, units } from './decimal.js';
import { byId, groups, largest, must } from './group.js';
import type { Loaded } from './group.js';
import type { Position } from './ipa.js';

/** Rows as text, columns joined by |: what staging.CAPM_Final should have. */
export function capm(balances: readonly Loaded[], positions: readonly Position[]): readonly string[] {
  if (balances.length === 0) return [];
  const nav = sum(balances.map((row) => units(must(row, 'Saldo'), 4)));
  const total = sum(positions.map(({ value }) => value));
  const points = nav === 0n ? '' : text(quotient((nav - total) * 10_000n * 10n ** 4n, absolute(nav)), 4);
  return [[text(nav, 4), text(total, 4), text(nav - total, 4), points].join('|')];
}

/** staging.PosModRF_Final. */
export function posModRf(lines: readonly Loaded[]): readonly string[] {
  const valueOf = (line: Loaded) => units(must(line, 'ValorMercado'), 4);
  const positions = byId(
    groups(lines, (line) => must(line, 'InvestID')).map(([id, members]) => {
      const known = members.filter((line) => line['DuracionModificada'] != null);
      return {
        id,
        description: must(largest(members, valueOf), 'Descripcion'),
        nominal: sum(members.map((line) => units(must(line, 'Nominal'), 8))),
        value: sum(members.map(valueOf)),
        duration: known.length === 0 ? null : units(must(largest(known, valueOf), 'DuracionModificada'), 8),
      };
    }),
  );
  const total = sum(positions.map(({ value }) => value));
  const weights = positions.map(({ value }) =>
    total === 0n ? 0n : quotient(value * 100n * 10n ** 10n, total),
  );
  if (total !== 0n) {
    const at = positions.indexOf(largest(positions, ({ value }) => value));
    weights[at] = (weights[at] ?? 0n) + 100n * 10n ** 10n - sum(weights);
  }
  const known = positions.filter(({ duration }) => duration !== null);
  const base = sum(known.map(({ value }) => value));
  // value (4) times duration (8) over value (4), to scale 10
  const overBase = (product: bigint) => quotient(product * 100n, base);
  const fund = overBaseOrNull();
  const contributions = positions.map(({ value, duration }) =>
    fund === null || duration === null ? null : overBase(value * duration),
  );
  if (fund !== null) {
    const at = positions.indexOf(largest(known, ({ value }) => value));
    contributions[at] =
      (contributions[at] ?? 0n) + fund - sum(contributions.map((contribution) => contribution ?? 0n));
  }
  return positions.map(({ id, description, nominal, value, duration }, at) =>
    [
      id,
      description,
      text(nominal, 8),
      text(value, 4),
      text(weights[at] ?? 0n, 10),
      orEmpty(duration, 8),
      orEmpty(contributions[at] ?? null, 10),
      orEmpty(fund, 10),
    ].join('|'),
  );

  function overBaseOrNull(): bigint | null {
    return base === 0n ? null : overBase(sum(known.map(({ value, duration }) => value * (duration ?? 0n))));
  }
}

/** staging.SONA_Final. */
export function sona(lines: readonly Loaded[], date: string): readonly string[] {
  const pending = lines.filter(
    (line) => must(line, 'FechaOperacion') <= date && must(line, 'FechaLiquidacion') > date,
  );
  return groups(pending, (line) => `${must(line, 'InvestID')}|${must(line, 'Moneda')}`).map(
    ([key, members]) =>
      [
        key,
        text(sum(members.map((line) => units(must(line, 'Cantidad'), 8))), 8),
        text(sum(members.map((line) => units(must(line, 'Monto'), 4))), 4),
        new Set(members.map((line) => line['ID_Operacion'])).size,
      ].join('|'),
  );
}

/** staging.Derivados_Final. */
export function derivados(lines: readonly Loaded[]): readonly string[] {
  return groups(lines, (line) => must(line, 'InvestID')).map(([id, members]) => {
    const exposure = members.some((line) => line['Delta'] == null)
      ? null
      : rescaled(
          sum(members.map((line) => units(must(line, 'Nocional'), 8) * units(must(line, 'Delta'), 10))),
          18,
          8,
        );
    return [
      id,
      must(
        largest(members, (line) => units(must(line, 'Nocional'), 8)),
        'Descripcion',
      ),
      text(sum(members.map((line) => units(must(line, 'Nocional'), 8))), 8),
      text(sum(members.map((line) => units(must(line, 'ValorMercado'), 4))), 4),
      orEmpty(exposure, 8),
    ].join('|');
  });
}

/** staging.UBS_Final. */
export function ubs(lines: readonly Loaded[], positions: readonly Position[]): readonly string[] {
  const custodian = new Map(
    groups(lines, (line) => must(line, 'InvestID')).map(([id, members]) => [
      id,
      sum(members.map((line) => units(must(line, 'Cantidad'), 8))),
    ]),
  );
  const ours = new Map(positions.map((position) => [position.id, position]));
  return [...new Set([...custodian.keys(), ...ours.keys()])].flatMap((id) => {
    const [there, here] = [custodian.get(id), ours.get(id)];
    const difference = (there ?? 0n) - (here?.quantity ?? 0n);
    if (difference === 0n || here?.cash === true) return [];
    const kind =
      here === undefined ? 'FALTA_EN_IPA' : there === undefined ? 'FALTA_EN_UBS' : 'CANTIDAD_DISTINTA';
    return [
      [id, kind, orEmpty(here?.quantity ?? null, 8), orEmpty(there ?? null, 8), text(difference, 8)].join(
        '|',
      ),
    ];
  });
}

/** staging.PNL_Final; `before` is what the fund had on its previous date, null on its first. */
export function pnl(
  now: readonly Position[],
  before: { readonly date: string; readonly positions: readonly Position[] } | null,
): readonly string[] {
  if (now.length === 0) return [];
  const [today, earlier] = [now, before?.positions ?? []].map(
    (positions) => new Map(positions.map((position) => [position.id, position])),
  );
  return [...new Set([...(today?.keys() ?? []), ...(earlier?.keys() ?? [])])].map((id) => {
    const [q1, v1] = [today?.get(id)?.quantity ?? 0n, today?.get(id)?.value ?? 0n];
    const [q0, v0] = [earlier?.get(id)?.quantity ?? 0n, earlier?.get(id)?.value ?? 0n];
    const price = priceEffect(before === null, q0, v0, q1, v1);
    return [id, before?.date ?? '', text(v1 - v0, 4), text(price, 4), text(v1 - v0 - price, 4)].join('|');
  });
}

function priceEffect(first: boolean, q0: bigint, v0: bigint, q1: bigint, v1: bigint): bigint {
  const isNew = first || (q0 === 0n && v0 === 0n);
  const closed = q1 === 0n && v1 === 0n;
  if (isNew || closed) return 0n;
  if (q0 === q1) return v1 - v0;
  if (q0 === 0n || q1 === 0n) return 0n;
  return quotient(q0 * v1, q1) - v0;
}

function orEmpty(value: bigint | null, scale: number): string {
  return value === null ? '' : text(value, scale);
}
