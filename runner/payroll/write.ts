import type { Session } from '../../engine/index.js';
import { nomina } from '../../procedures/generated/index.js';
import type { Brought, ClosingName, SourceEmployee, SourceMovement } from './sources.js';

/** What a call carries: as many rows as are sent and inserted without a pause that anybody would notice. */
const [employeesACall, conceptsACall, movementsACall] = [1000, 24_000, 5000];

export interface OpenedLoad {
  readonly closing: bigint;
  readonly created: boolean;
}

/**
 * Opens a closing for a load; the rows that it replaces are deleted in bounded calls.
 * @param fresh a new closing, also when the client has one of that month
 * @throws ProcedureError WRONG_STATE for one that is consolidated, or about to be
 */
export async function openLoad(
  session: Session,
  { client, month, year }: ClosingName,
  brought: Brought,
  { fresh = false, signal }: { fresh?: boolean; signal?: AbortSignal | undefined } = {},
): Promise<OpenedLoad> {
  const name = { cliente: client, mes: month, anno: year };
  const sources = { libro: brought.libro, novedades: brought.novedades, analista: brought.analyst };
  const { idCierre, creado, quedan } = await nomina.abrirCarga(session, {
    ...name,
    ...sources,
    nuevo: fresh,
  });
  for (let left = quedan; left;) {
    signal?.throwIfAborted();
    left = (await nomina.abrirCarga(session, { ...name, ...sources, idCierre }, { idempotent: true })).quedan;
  }
  return { closing: idCierre, created: creado };
}

/** Adds employees with their concepts, in calls of a bounded size. */
export async function writeEmployees(
  session: Session,
  closing: bigint,
  source: 'libro' | 'novedades',
  employees: Iterable<SourceEmployee>,
  { written, signal }: { written?: (employees: number) => void; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  let [batch, concepts] = [[] as SourceEmployee[], 0];
  const flush = async () => {
    if (batch.length === 0) return;
    signal?.throwIfAborted();
    await nomina.cargarEmpleados(session, {
      idCierre: closing,
      fuente: source,
      empleados: batch.map(({ rut, name, role, costCentre, baseSalary, startDate }, i) => ({
        linea: i + 1,
        rut,
        nombre: name,
        cargo: role,
        centroCosto: costCentre,
        sueldoBase: baseSalary,
        fechaIngreso: startDate,
      })),
      conceptos: batch
        .flatMap((employee, i) => employee.concepts.map((concept) => ({ empleado: i + 1, ...concept })))
        .map(({ empleado, code, name, value, type }, i) => ({
          linea: i + 1,
          empleado,
          codigo: code,
          nombre: name,
          valor: value,
          tipo: type,
        })),
    });
    written?.(batch.length);
    [batch, concepts] = [[], 0];
  };
  for (const employee of employees) {
    if (batch.length >= employeesACall || concepts + employee.concepts.length > conceptsACall) await flush();
    batch.push(employee);
    concepts += employee.concepts.length;
  }
  await flush();
}

/** Adds movements, absences, vacations and the analyst's reports. */
export async function writeMovements(
  session: Session,
  closing: bigint,
  movements: Iterable<SourceMovement>,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<{ inserted: number; repeated: number }> {
  let [inserted, repeated] = [0, 0];
  let batch: SourceMovement[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    signal?.throwIfAborted();
    const { insertados, repetidos } = await nomina.cargarMovimientos(session, {
      idCierre: closing,
      movimientos: batch.map((movement, i) => ({
        linea: i + 1,
        clase: movement.class,
        rut: movement.rut,
        tipo: movement.type ?? null,
        fecha: movement.date ?? null,
        fechaFin: movement.until ?? null,
        dias: movement.days ?? null,
        texto: movement.text ?? null,
      })),
    });
    [inserted, repeated, batch] = [inserted + insertados, repeated + repetidos, []];
  };
  for (const movement of movements) {
    batch.push(movement);
    if (batch.length >= movementsACall) await flush();
  }
  await flush();
  return { inserted, repeated };
}

/** Ends a load: the closing can be consolidated from here on. */
export async function closeLoad(session: Session, closing: bigint): Promise<nomina.TerminarCargaResult> {
  return await nomina.terminarCarga(session, { idCierre: closing });
}
