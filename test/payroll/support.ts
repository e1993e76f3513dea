import type { Engine, Session } from '../../engine/index.js';
import { nomina } from '../../procedures/generated/index.js';
import type { WorkerEvents } from '../../runner/lanes/events.js';
import { consolidationWorker, planConsolidation } from '../../runner/payroll/consolidate.js';
import type { Consolidation } from '../../runner/payroll/consolidate.js';
import { generatePayroll } from '../../runner/payroll/generate.js';
import type { SourceEmployee, SourceMovement } from '../../runner/payroll/sources.js';
import { syntheticMonth, syntheticPayroll } from '../../runner/payroll/synthetic.js';
import type { SyntheticPayroll } from '../../runner/payroll/synthetic.js';
import { closeLoad, openLoad, writeEmployees, writeMovements } from '../../runner/payroll/write.js';
import type {
  Consolidated,
  ReferenceConcept,
  ReferenceEmployee,
  Sources,
} from '../reference-payroll/reference.js';

/** A made-up closing, loaded and ready to be consolidated. */
export async function generated(session: Session, options: Partial<SyntheticPayroll> = {}): Promise<bigint> {
  return (await generatePayroll(session, { employees: 60, seed: 1, concepts: 6, defects: false, ...options }))
    .closing;
}

/** The same as the reference's input. */
export function sourcesOf(options: SyntheticPayroll): Sources {
  const rows = [...syntheticPayroll(options)];
  return {
    ...syntheticMonth,
    libro: rows.map(({ libro }) => libro),
    novedades: rows.flatMap(({ novedades }) => novedades),
    movements: rows.flatMap(({ movements }) => movements),
  };
}

/** Loads a closing of July 2025 as it stands. */
export async function loaded(
  session: Session,
  client: string,
  {
    libro,
    novedades = [],
    movements = [],
  }: {
    libro: readonly SourceEmployee[];
    novedades?: readonly SourceEmployee[];
    movements?: readonly SourceMovement[];
  },
): Promise<bigint> {
  const { closing } = await openLoad(
    session,
    { client, ...syntheticMonth },
    { libro: true, novedades: true, analyst: true },
  );
  await writeEmployees(session, closing, 'libro', libro);
  await writeEmployees(session, closing, 'novedades', novedades);
  await writeMovements(session, closing, movements);
  await closeLoad(session, closing);
  return closing;
}

/** An employee with concepts as `code: value` or `code: [value, type, name]`. */
export function employee(
  rut: string,
  concepts: Readonly<Record<string, string | readonly [string, string?, string?]>> = {},
  more: Partial<SourceEmployee> = {},
): SourceEmployee {
  return {
    rut,
    name: `Name ${rut}`,
    role: 'Analista',
    costCentre: 'CC1',
    baseSalary: '1000',
    startDate: null,
    concepts: Object.entries(concepts).map(([code, given]) => {
      const [value, type = 'haber', name = `Concept ${code}`] = typeof given === 'string' ? [given] : given;
      return { code, value, type, name };
    }),
    ...more,
  };
}

export async function planned(engine: Session, closing: bigint, timeoutMs = 600_000): Promise<Consolidation> {
  return await planConsolidation(engine, closing, { lanes: 2, timeoutMs });
}

/** Consolidates a closing with lanes of this process. */
export async function consolidated(
  engine: Engine,
  closing: bigint,
  events: WorkerEvents = {},
): Promise<nomina.EstadoConsolidacionResult> {
  const plan = await planned(engine, closing);
  await consolidationWorker(engine, plan, { lanes: 2, leaseSeconds: 30, maxRunTimeMs: 60_000, events }).run();
  return await nomina.estadoConsolidacion(engine, { idCierre: closing });
}

/** What the database holds of a consolidation, in the reference's words. */
export async function stored(session: Session, closing: bigint): Promise<Consolidated> {
  const employees: ReferenceEmployee[] = [];
  for (let after = 0n; ;) {
    const page = await nomina.listarConsolidados(session, { idCierre: closing, desdeId: after });
    const last = page.at(-1);
    if (last === undefined) break;
    const concepts = new Map<bigint, ReferenceConcept[]>();
    for (const row of await nomina.listarConceptos(session, {
      idCierre: closing,
      desdeId: after,
      hastaId: last.id,
    })) {
      const list = concepts.get(row.id) ?? [];
      concepts.set(row.id, list);
      list.push({
        code: row.codigoConcepto,
        name: row.nombreConcepto,
        value: inCents(row.valor),
        type: row.tipoConcepto,
        source: row.fuenteDato as 'libro' | 'novedades',
      });
    }
    for (const row of page) {
      const [haberes, descuentos] = [inCents(row.totalHaberes), inCents(row.totalDescuentos)];
      if (inCents(row.liquidoPagar) !== haberes - descuentos) throw new Error(`liquido of ${row.rut}`);
      employees.push({
        rut: row.rut,
        name: row.nombreCompleto,
        role: row.cargo,
        costCentre: row.centroCosto,
        joined: row.esIngreso,
        left: row.esFiniquito,
        absent: row.tieneAusentismo,
        haberes,
        descuentos,
        sources: JSON.parse(row.fuentesUtilizadas) as string[],
        rules: JSON.parse(row.reglasAplicadas) as string[],
        resolved: row.discrepanciasResueltas,
        concepts: concepts.get(row.id) ?? [],
      });
    }
    after = last.id;
  }
  const all = await discrepanciesOf(session, closing);
  const text = ({ tipo, rut, codigoConcepto }: nomina.ListarDiscrepanciasRow) =>
    `${tipo} ${rut} ${codigoConcepto ?? ''}`;
  return {
    employees,
    discrepancies: all
      .filter(({ enConsolidacion }) => enConsolidacion)
      .map(text)
      .sort(),
    known: all
      .filter(({ enConsolidacion }) => !enConsolidacion)
      .map(text)
      .sort(),
  };
}

export async function discrepanciesOf(
  session: Session,
  closing: bigint,
): Promise<nomina.ListarDiscrepanciasRow[]> {
  const all: nomina.ListarDiscrepanciasRow[] = [];
  for (let after = 0n; ; after = all.at(-1)?.id ?? after) {
    const page = await nomina.listarDiscrepancias(session, { idCierre: closing, desdeId: after });
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** By RUT, each employee as one text: what differs is seen at a glance. */
export function byRut(employees: readonly ReferenceEmployee[]): Map<string, string> {
  return new Map(
    employees.map((one) => [
      one.rut,
      JSON.stringify(one, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ]),
  );
}

function inCents(text: string): bigint {
  if (!/^-?\d+\.\d{2}$/.test(text)) throw new Error(`not an amount with two decimals: ${text}`);
  return BigInt(text.replace('.', ''));
}
