import type { Session } from '../../engine/index.js';
import { dimensionales } from '../../procedures/generated/index.js';
import type { Fund, Position } from './position.js';
import { ipa, numbered } from './sources.js';
import type { IpaLine, Loaded, PortfolioCode } from './sources.js';

/** Replaces the given funds' rows of the given dates, in one transaction; the same rows again change nothing. */
export async function writePositions(session: Session, positions: readonly Position[]): Promise<Loaded> {
  return ipa.write(session, numbered(positions.map(ipaLine)));
}

/** A position as a line of homol.IPA. */
export function ipaLine(position: Position): IpaLine {
  return {
    fechaReporte: position.date,
    portfolio: position.portfolio,
    investId: position.investId,
    ticker: position.ticker,
    descripcion: position.description,
    moneda: position.currency,
    cantidad: position.quantity,
    precioLocal: position.localPrice,
    valorMercado: position.marketValue,
    peso: position.weight,
  };
}

/** Inserts new funds and updates known ones, by short name. */
export async function writeFunds(
  session: Session,
  funds: readonly Fund[],
): Promise<{ inserted: number; updated: number; unchanged: number }> {
  const { insertados, actualizados, iguales } = await dimensionales.cargarFondos(
    session,
    {
      filas: funds.map((fund, i) => ({
        linea: i + 1,
        fundShortName: fund.shortName,
        portfolioGeneva: fund.portfolioGeneva,
        portfolioCapm: fund.portfolioCapm,
        portfolioDerivados: fund.portfolioDerivados,
        portfolioUbs: fund.portfolioUbs,
        flagUbs: fund.flagUbs,
        flagDerivados: fund.flagDerivados,
        active: fund.active,
        incluirEnCubo: fund.incluirEnCubo,
      })),
    },
    { idempotent: true },
  );
  return { inserted: insertados, updated: actualizados, unchanged: iguales };
}

/** Each known fund's Portfolio_Geneva, by its short name. */
export async function readPortfolios(session: Session): Promise<ReadonlyMap<string, string>> {
  const funds = await dimensionales.listarFondos(session, { idempotent: true });
  return new Map(funds.map(({ fundShortName, portfolioGeneva }) => [fundShortName, portfolioGeneva]));
}

/** The portfolios, of those given, that no fund has as its code of that kind: no run would read their lines. */
export async function unknownPortfolios(
  session: Session,
  { field }: PortfolioCode,
  portfolios: Iterable<string>,
): Promise<readonly string[]> {
  const funds = await dimensionales.listarFondos(session, { idempotent: true });
  const known = new Set(funds.map((fund) => fund[field]?.toLowerCase()));
  return [...new Set(portfolios)].filter((portfolio) => !known.has(portfolio.toLowerCase())).sort();
}
