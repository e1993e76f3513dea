import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageRoot } from '../../engine/index.js';
import type { Engine, Row, Session } from '../../engine/index.js';
import { waitUntil } from '../testing/wait.js';
import type { CarrilProcess } from '../testing/index.js';

/** A fund's figures, added up from a holdings file by nothing but this function. */
export interface Expected {
  readonly lines: number;
  readonly cashLines: number;
  /** To the cent. */
  readonly total: string;
}

/** Straight from samples/holdings/<date>.csv: fields are never quoted there, which is checked. */
export function expectedOf(date: string): ReadonlyMap<string, Expected> {
  const text = readFileSync(join(packageRoot(), 'samples', 'holdings', `${date}.csv`), 'utf8');
  if (text.includes('"')) throw new Error('the file has quoted fields: this reader is too simple for it');
  const funds = new Map<string, { lines: number; cashLines: number; cents: bigint }>();
  for (const line of text.split(/\r?\n/).slice(1)) {
    const [, fund, , ticker, shares, value] = line.split(',').map((field) => field.trim());
    if (fund === undefined || value === undefined) continue;
    const sums = funds.get(fund) ?? { lines: 0, cashLines: 0, cents: 0n };
    funds.set(fund, {
      lines: sums.lines + 1,
      cashLines: sums.cashLines + (ticker === '' && Number(shares) === Number(value) ? 1 : 0),
      cents: sums.cents + cents(value),
    });
  }
  return new Map(
    [...funds].map(([fund, sums]) => [
      fund,
      { lines: sums.lines, cashLines: sums.cashLines, total: inMoney(sums.cents) },
    ]),
  );
}

function cents(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  if (fraction.length > 2) throw new Error(`more than cents: ${text}`);
  return BigInt(whole + fraction.padEnd(2, '0'));
}

export function inMoney(value: bigint): string {
  const digits = value.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Every row that a process has computed of positions and of their change, in one order, without the IDs that differ. */
export async function computedRows(session: Session, process: string | bigint): Promise<readonly string[]> {
  const parameter = session.dialect === 'sqlserver' ? '@p0' : '$1';
  const rowsOf = async (table: string, columns: readonly string[]): Promise<readonly string[]> => {
    const texts = columns.map((column) => `CAST(f.${column} AS varchar(60)) AS ${column.toLowerCase()}`);
    const rows = await session.query(
      `SELECT ${texts.join(', ')}
       FROM ${table} AS f INNER JOIN logs.Ejecuciones AS e ON e.ID_Ejecucion = f.ID_Ejecucion
       WHERE e.ID_Proceso = ${parameter}`,
      [BigInt(process)],
    );
    return rows.map((row) => JSON.stringify(row));
  };
  const positions = await rowsOf('staging.IPA_Final', [
    ...['ID_Fund', 'InvestID', 'FechaReporte', 'Moneda', 'Cantidad', 'PrecioLocal', 'ValorMercado'],
    ...['Peso', 'Lineas', 'Repreciadas', 'Es_Efectivo'],
  ]);
  const changes = await rowsOf('staging.PNL_Final', [
    ...['ID_Fund', 'InvestID', 'FechaReporte', 'FechaAnterior', 'Cambio_Valor', 'Efecto_Precio'],
    'Efecto_Cantidad',
  ]);
  return [...positions, ...changes].sort();
}

/** How many rows of each table belong to a process: rows that came in twice show here. */
export async function rowCounts(session: Session, process: string | bigint): Promise<Row> {
  const parameter = session.dialect === 'sqlserver' ? '@p0' : '$1';
  const count = (table: string) =>
    `(SELECT COUNT(*) FROM ${table} AS x INNER JOIN logs.Ejecuciones AS e ON e.ID_Ejecucion = x.ID_Ejecucion
      WHERE e.ID_Proceso = ${parameter}) AS ${table.replace('.', '_').toLowerCase()}`;
  const tables = [
    ...['extract.IPA', 'staging.IPA_WorkTable', 'staging.IPA_Cash', 'staging.IPA_Final'],
    ...['staging.PNL_WorkTable', 'staging.PNL_Final'],
  ];
  const [row] = await session.query(`SELECT ${tables.map(count).join(', ')}`, [BigInt(process)]);
  return row ?? {};
}

/** What a process's executions and chunks look like, instants included: any later write changes it. */
export async function stateOf(session: Session, process: string | bigint): Promise<readonly string[]> {
  const parameter = session.dialect === 'sqlserver' ? '@p0' : '$1';
  const rows = await session.query(
    `SELECT e.ID_Ejecucion AS id, e.Estado AS estado, e.FechaFin AS fin, f.Estado_Process_IPA AS ipa, f.FechaFin AS fin_fondo,
       c.Estado AS chunk_estado, c.Poseedor AS poseedor, c.Token AS token, c.Intento AS intento, c.Fin AS fin_chunk
     FROM logs.Ejecuciones AS e
     INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion
     INNER JOIN trabajo.Chunks AS c ON c.ID_Chunk = e.ID_Chunk
     WHERE e.ID_Proceso = ${parameter}`,
    [BigInt(process)],
  );
  return rows
    .map((row) =>
      JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    )
    .sort();
}

/**
 * Holds staging.IPA_Final against writers until `release`: every service stops in its last step, its earlier steps'
 * rows written and not committed.
 */
export async function holdFinals(engine: Engine): Promise<{ release: () => Promise<void> }> {
  return await holdTable(engine, 'staging.IPA_Final');
}

/** Holds a table against writers until `release`. */
export async function holdTable(engine: Engine, table: string): Promise<{ release: () => Promise<void> }> {
  let open: (() => void) | undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let held: (() => void) | undefined;
  const holding = new Promise<void>((resolve) => {
    held = resolve;
  });
  const transaction = engine.transaction(async (session) => {
    await session.batch(
      session.dialect === 'sqlserver'
        ? `DECLARE @n int; SELECT @n = COUNT(*) FROM ${table} WITH (TABLOCKX, HOLDLOCK)`
        : `LOCK TABLE ${table} IN EXCLUSIVE MODE`,
    );
    held?.();
    await opened;
  });
  await Promise.race([holding, transaction]);
  return {
    release: async () => {
      open?.();
      await transaction;
    },
  };
}

/** The process ID that `carril run` says when it has started one. */
export async function startedProcess(child: CarrilProcess): Promise<string> {
  return await waitUntil('carril run has started a process', () => {
    const [, id] = /process (\d+) of [\d-]+: started/.exec(child.stdout()) ?? [];
    return id;
  });
}
