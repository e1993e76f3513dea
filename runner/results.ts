import type { Session } from '../engine/index.js';
import { logs } from '../procedures/generated/index.js';

/** A fund's results as `carril results --json` prints them: IDs and decimals are strings. */
export interface FundResult {
  readonly fund: string;
  readonly execution_id: string;
  readonly process_id: string;
  readonly state: string;
  readonly lines: number;
  readonly cash_lines: number;
  readonly total_value: string;
  readonly weight_sum: string;
  readonly repriced: number;
}

export interface ProcessResults {
  readonly date: string;
  readonly process: { readonly id: string; readonly state: string };
  readonly funds: readonly FundResult[];
}

/** What one service left of a fund. */
export interface ServiceRows {
  readonly fund: string;
  readonly execution_id: string;
  readonly service: string;
  readonly state: string;
  readonly rows: number;
}

/**
 * What a process has computed, fund by fund.
 * @throws ProcedureError NOT_FOUND when there is no such process
 */
export async function readResults(session: Session, idProceso: bigint): Promise<ProcessResults> {
  const state = await logs.estadoProceso(session, { idProceso }, { idempotent: true });
  const rows = await logs.resultadosProceso(session, { idProceso: state.idProceso }, { idempotent: true });
  return {
    date: state.fechaReporte,
    process: { id: String(state.idProceso), state: state.estado },
    funds: rows.map((row) => ({
      fund: row.fundShortName,
      execution_id: String(row.idEjecucion),
      process_id: String(row.idProceso),
      state: row.estado,
      lines: row.lineas,
      cash_lines: row.lineasEfectivo,
      total_value: row.valorTotal,
      weight_sum: row.sumaPesos,
      repriced: row.repreciadas,
    })),
  };
}

/** How many rows each service left, fund by fund in the order in which they run. */
export async function readServiceRows(session: Session, idProceso: bigint): Promise<readonly ServiceRows[]> {
  const rows = await logs.resultadosServicios(session, { idProceso }, { idempotent: true });
  return rows.map(({ fundShortName, idEjecucion, servicio, estado, filas }) => ({
    fund: fundShortName,
    execution_id: String(idEjecucion),
    service: servicio,
    state: estado,
    rows: filas,
  }));
}

/** Whose rows can be read one by one. */
const readers = {
  IPA: logs.resultadosIpa,
  CAPM: logs.resultadosCapm,
  PosModRF: logs.resultadosPosModRf,
  SONA: logs.resultadosSona,
  Derivados: logs.resultadosDerivados,
  UBS: logs.resultadosUbs,
  PNL: logs.resultadosPnl,
} as const;

export type ServiceName = keyof typeof readers;

export const serviceNames = Object.keys(readers) as ServiceName[];

/** A row as the database has it, its columns' names in the spelling of JSON: `invest_id`. */
export type ServiceRow = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The rows that a service left, of one fund or of all; IDs and decimals are strings.
 * @throws ProcedureError NOT_FOUND when there is no such process
 */
export async function readServiceResults(
  session: Session,
  service: ServiceName,
  idProceso: bigint,
  fondo?: string,
): Promise<readonly ServiceRow[]> {
  const rows = await readers[service](session, { idProceso, fondo }, { idempotent: true });
  return rows.map(({ fundShortName, idEjecucion, ...columns }) => ({
    fund: fundShortName,
    execution_id: String(idEjecucion),
    ...Object.fromEntries(
      Object.entries<string | number | boolean | null>(columns).map(([name, value]) => [
        snakeCase(name),
        value,
      ]),
    ),
  }));
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);
}
