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
