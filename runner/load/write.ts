import type { Session } from '../../engine/index.js';
import { dimensionales, homol } from '../../procedures/generated/index.js';
import type { Fund, Position } from './position.js';

/** What loading positions did: both numbers are 0 when everything already stood there. */
export interface Loaded {
  readonly inserted: number;
  readonly replaced: number;
  readonly unchanged: boolean;
}

/** Replaces the given funds' rows of the given dates, in one transaction; the same rows again change nothing. */
export async function writePositions(session: Session, positions: readonly Position[]): Promise<Loaded> {
  const { insertadas, reemplazadas, sinCambio } = await homol.cargarIpa(
    session,
    {
      filas: positions.map((position, i) => ({
        linea: i + 1,
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
      })),
    },
    { idempotent: true },
  );
  return { inserted: insertadas, replaced: reemplazadas, unchanged: sinCambio };
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
