// written by carril codegen, never edited
import { ProcedureError } from 'carril';
import type { CallOptions, CallResult, Procedure, Row, Session } from 'carril';

/** What the engine knows of each procedure of sitio. */
export const procedures: Readonly<Record<
  | 'comision'
, Procedure>> = {
  comision: {
    name: 'sitio.sp_Comision',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Comision', type: { kind: 'varchar', length: 40 }, nullable: false },
      ],
    ],
  },
};

/** Arguments of `sitio.sp_Comision`. */
export interface ComisionArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** int */
  readonly idFund: number;
}

/** The row that `sitio.sp_Comision` returns. */
export interface ComisionResult {
  /** varchar(40) */
  readonly comision: string;
}

/**
 * What one execution's fund pays for one day: its value times the yearly rate, by 365, rounded to cents.
 *
 * Calls `sitio.sp_Comision`.
 * Errors: 50404 NOT_FOUND.
 * Touches: sitio.Tasas read, staging.IPA_Final read.
 * Batch: none.
 * Entry: carril_app.
 */
export async function comision(session: Session, args: ComisionArgs, options?: CallOptions): Promise<ComisionResult> {
  const result = await session.call(procedures.comision, {
    ID_Ejecucion: args.idEjecucion,
    ID_Fund: args.idFund,
  }, options);
  return toComisionResult(oneRow(result, 0, procedures.comision));
}

function toComisionResult(row: Row): ComisionResult {
  return {
    comision: row['Comision'] as string,
  };
}

function oneRow(result: CallResult, set: number, procedure: Procedure): Row {
  const rows = result.results[set] ?? [];
  const [row] = rows;
  if (row !== undefined && rows.length === 1) return row;
  throw new ProcedureError(
    `${procedure.name} returned ${String(rows.length)} rows where its contract says one: check the procedure in the database`,
    { code: 'DATABASE', procedure: procedure.name },
  );
}
