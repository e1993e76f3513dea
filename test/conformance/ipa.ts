import { extract, staging } from '../../procedures/generated/index.js';
import type { homol } from '../../procedures/generated/index.js';
import type { Engine, Row, Session } from '../../engine/index.js';

type Line = homol.FilasIpaV1Row;

/** A line of a positions file; the defaults are a plain position of one share worth 1. */
export function line(linea: number, portfolio: string, investId: string, rest: Partial<Line> = {}): Line {
  return {
    linea,
    fechaReporte: '2021-01-06',
    portfolio,
    investId,
    ticker: investId,
    descripcion: `${investId} INC`,
    moneda: 'USD',
    cantidad: '1',
    valorMercado: '1',
    ...rest,
  };
}

/** What a loader that is not ours leaves in homol.IPA: nothing checked, nothing trimmed. Numbers as SQL literals. */
export async function insertDirectly(engine: Engine, lines: readonly Line[]): Promise<void> {
  const text = (value: string | null | undefined): string =>
    value == null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
  for (const row of lines) {
    await engine.batch(
      `INSERT INTO homol.IPA (FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda, Cantidad, PrecioLocal,
         ValorMercado)
       VALUES (${text(row.fechaReporte)}, ${text(row.portfolio)}, ${text(row.investId)}, ${text(row.ticker)},
         ${text(row.descripcion)}, ${text(row.moneda)}, ${row.cantidad}, ${row.precioLocal ?? 'NULL'},
         ${row.valorMercado})`,
    );
  }
}

/** One fund of one execution, as the steps take it. */
export interface Lane {
  readonly idEjecucion: bigint;
  readonly fechaReporte: string;
  readonly idFund: number;
  readonly portfolioGeneva: string;
}

/** Makes an execution with the given funds, as sp_Inicializar_Proceso would (one fund) or the legacy way (several). */
export async function execution(
  engine: Engine,
  idEjecucion: bigint,
  portfolios: readonly string[],
  fechaReporte = '2021-01-06',
): Promise<Lane[]> {
  await engine.batch(
    `INSERT INTO logs.Ejecuciones (ID_Ejecucion, FechaReporte) VALUES (${String(idEjecucion)}, '${fechaReporte}')`,
  );
  const lanes = portfolios.map((portfolioGeneva, at) => ({
    idEjecucion,
    fechaReporte,
    idFund: at + 1,
    portfolioGeneva,
  }));
  for (const lane of lanes) {
    await engine.batch(
      `INSERT INTO logs.Ejecucion_Fondos (ID_Ejecucion, ID_Fund, FundShortName, Portfolio_Geneva)
       VALUES (${String(idEjecucion)}, ${lane.idFund}, 'Fund ${lane.portfolioGeneva}', '${lane.portfolioGeneva}')`,
    );
  }
  return lanes;
}

/** Runs the IPA service's steps for a lane, in one transaction, as sp_Ejecutar_Servicio does. */
export async function runIpa(engine: Engine, lane: Lane): Promise<void> {
  await engine.transaction(async (session) => {
    await extract.extractIpa(session, lane);
    await staging.ipa01RescatarLocalPriceV2(session, lane);
    await staging.ipa02Cash(session, lane);
    await staging.ipa03Final(session, lane);
  });
}

/** Rows of the lane in IPA_WorkTable, decimals as text. */
export async function worktable(session: Session, lane: Lane): Promise<Row[]> {
  return session.query(
    `SELECT ID_Linea AS linea, InvestID AS id, CAST(PrecioLocal AS varchar(40)) AS precio, Origen_Precio AS origen,
       Es_Efectivo AS efectivo
     FROM staging.IPA_WorkTable WHERE ${ofLane(lane)} ORDER BY ID_Linea`,
  );
}

/** Rows of the lane in IPA_Final, decimals as text. */
export async function final(session: Session, lane: Lane): Promise<Row[]> {
  return session.query(
    `SELECT InvestID AS id, Descripcion AS descripcion, Moneda AS moneda, CAST(Cantidad AS varchar(40)) AS cantidad,
       CAST(PrecioLocal AS varchar(40)) AS precio, CAST(ValorMercado AS varchar(40)) AS valor,
       CAST(Peso AS varchar(40)) AS peso, Lineas AS lineas, Repreciadas AS repreciadas, Es_Efectivo AS efectivo
     FROM staging.IPA_Final WHERE ${ofLane(lane)} ORDER BY InvestID`,
  );
}

/** How many rows the lane has in a table of staging, and two sums of IPA_Final as text. */
export async function summary(
  session: Session,
  lane: Lane,
): Promise<{ cash: number; final: number; value: string; weights: string }> {
  const [row] = await session.query(
    `SELECT CAST((SELECT COUNT(*) FROM staging.IPA_Cash WHERE ${ofLane(lane)}) AS int) AS cash, CAST(COUNT(*) AS int) AS final,
       CAST(SUM(ValorMercado) AS varchar(40)) AS value, CAST(SUM(Peso) AS varchar(40)) AS weights
     FROM staging.IPA_Final WHERE ${ofLane(lane)}`,
  );
  return row as { cash: number; final: number; value: string; weights: string };
}

function ofLane(lane: Lane): string {
  return `ID_Ejecucion = ${String(lane.idEjecucion)} AND ID_Fund = ${lane.idFund}`;
}
