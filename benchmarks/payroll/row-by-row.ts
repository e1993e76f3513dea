import type { Engine, Row, Session } from '../../engine/index.js';
import type { SourceConcept, SourceEmployee, SourceMovement } from '../../runner/payroll/sources.js';
import { consolidate } from '../../test/reference-payroll/reference.js';

/** The document's chunk and its batch_size of bulk_create. */
const [employeesAChunk, employeesAStatement, conceptsAStatement] = [100, 100, 500];

/**
 * The document's way: every employee's row, concepts and movements are asked for one after another, consolidated in the
 * client and written in bulk_create's batches, a transaction a chunk. No two chunks at once.
 */
export async function rowByRow(engine: Engine, closing: bigint): Promise<{ queries: number }> {
  const ids = await engine.query('SELECT id FROM nomina.EmpleadoCierre WHERE cierre_id = $1 ORDER BY id', [
    closing,
  ]);
  let queries = 1;
  for (let start = 0; start < ids.length; start += employeesAChunk) {
    const chunk = ids.slice(start, start + employeesAChunk).map(({ id }) => id as bigint);
    queries += await engine.transaction((session) => oneChunk(session, closing, chunk));
  }
  return { queries };
}

async function oneChunk(session: Session, closing: bigint, ids: readonly bigint[]): Promise<number> {
  let queries = 0;
  const ask = async (sql: string, values: readonly (bigint | string)[]): Promise<Row[]> => {
    queries += 1;
    return await session.query(sql, values);
  };
  const employees: (bigint | string | boolean | number)[][] = [];
  const concepts: { origin: bigint; values: string[] }[] = [];
  for (const id of ids) {
    const [libro] = await ask('SELECT * FROM nomina.EmpleadoCierre WHERE id = $1', [id]);
    if (libro === undefined) continue;
    const rut = String(libro['rut_normalizado']);
    const [novedades] = await ask(
      'SELECT * FROM nomina.EmpleadoCierreNovedades WHERE cierre_id = $1 AND rut_normalizado = $2 ORDER BY id LIMIT 1',
      [closing, rut],
    );
    const ofLibro = await ask(
      'SELECT * FROM nomina.RegistroConceptoEmpleado WHERE empleado_id = $1 ORDER BY id',
      [id],
    );
    const ofNovedades =
      novedades === undefined
        ? []
        : await ask(
            'SELECT * FROM nomina.RegistroConceptoEmpleadoNovedades WHERE empleado_id = $1 ORDER BY id',
            [novedades['id'] as bigint],
          );
    const movements: SourceMovement[] = [];
    for (const type of ['ingreso', 'finiquito']) {
      const rows = await ask(
        `SELECT 1 FROM nomina.MovimientoAltaBaja WHERE rut_normalizado = $1 AND tipo_movimiento = $2
           AND extract(month FROM fecha_movimiento) = 7 AND extract(year FROM fecha_movimiento) = 2025 LIMIT 1`,
        [rut, type],
      );
      if (rows.length > 0) movements.push({ class: 'ALTA_BAJA', rut, type, date: '2025-07-01' });
    }
    const absences = await ask(
      `SELECT 1 FROM nomina.MovimientoAusentismo WHERE rut_normalizado = $1
         AND extract(month FROM fecha_inicio) = 7 AND extract(year FROM fecha_inicio) = 2025 LIMIT 1`,
      [rut],
    );
    if (absences.length > 0) movements.push({ class: 'AUSENTISMO', rut, date: '2025-07-01' });
    const [one] = consolidate({
      year: 2025,
      month: 7,
      libro: [employeeOf(libro, ofLibro)],
      novedades: novedades === undefined ? [] : [employeeOf(novedades, ofNovedades)],
      movements,
    }).employees;
    if (one === undefined) continue;
    employees.push([
      ...[closing, id, one.rut, one.name, one.role, one.costCentre, one.joined, one.left, one.absent],
      ...[money(one.haberes), money(one.descuentos), money(one.haberes - one.descuentos)],
      ...[JSON.stringify(one.sources), JSON.stringify(one.rules), one.resolved],
    ]);
    for (const { code, name, value, type, source } of one.concepts)
      concepts.push({ origin: id, values: [code, name, money(value), type, source] });
  }
  const written = new Map<bigint, bigint>();
  for (const batch of batches(employees, employeesAStatement)) {
    queries += 1;
    const rows = await session.query(
      `INSERT INTO nomina.EmpleadoConsolidado (cierre_id, empleado_origen_id, rut, nombre_completo, cargo, centro_costo, es_ingreso,
         es_finiquito, tiene_ausentismo, total_haberes, total_descuentos, liquido_pagar, fuentes_utilizadas, reglas_aplicadas,
         discrepancias_resueltas) VALUES ${places(batch.length, 15)} RETURNING id, empleado_origen_id`,
      batch.flat(),
    );
    for (const row of rows) written.set(row['empleado_origen_id'] as bigint, row['id'] as bigint);
  }
  for (const batch of batches(concepts, conceptsAStatement)) {
    queries += 1;
    await session.query(
      `INSERT INTO nomina.ConceptoEmpleadoConsolidado (empleado_consolidado_id, codigo_concepto, nombre_concepto, valor,
         tipo_concepto, fuente_dato) VALUES ${places(batch.length, 6)}`,
      batch.flatMap(({ origin, values }) => [written.get(origin) ?? 0n, ...values]),
    );
  }
  return queries + 2;
}

function employeeOf(row: Row, concepts: readonly Row[]): SourceEmployee {
  return {
    rut: String(row['rut']),
    name: String(row['nombre']),
    role: row['cargo'] as string | null,
    costCentre: row['centro_costo'] as string | null,
    baseSalary: null,
    startDate: null,
    concepts: concepts.map((concept): SourceConcept => ({
      code: String(concept['codigo_concepto']),
      name: String(concept['nombre_concepto']),
      value: String(concept['valor']),
      type: String(concept['tipo_concepto']),
    })),
  };
}

function money(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function* batches<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}

function places(rows: number, columns: number): string {
  const row = (r: number) =>
    `(${Array.from({ length: columns }, (_, c) => `$${r * columns + c + 1}`).join(',')})`;
  return Array.from({ length: rows }, (_, r) => row(r)).join(',');
}
