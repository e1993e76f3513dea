import { seeded } from '../load/random.js';
import type { Random } from '../load/random.js';
import { checkDigit } from './rut.js';
import type { ClosingName, SourceConcept, SourceEmployee, SourceMovement } from './sources.js';

export interface SyntheticPayroll {
  /** Rows of the Libro. */
  readonly employees: number;
  readonly seed: number;
  /** Concepts of the Libro an employee. */
  readonly concepts: number;
  /** Everything that real files get wrong, and the rules decide. */
  readonly defects: boolean;
}

/** What one row of the Libro brings along. */
export interface SyntheticRow {
  readonly libro: SourceEmployee;
  readonly novedades: readonly SourceEmployee[];
  readonly movements: readonly SourceMovement[];
}

export const syntheticMonth = { year: 2025, month: 7 } as const;

export function syntheticName({ employees, seed }: SyntheticPayroll): ClosingName {
  return { client: `Generado ${employees}/${seed}`, ...syntheticMonth };
}

const roles = ['Analista', 'Jefe de Bodega', 'Operario', 'Vendedora', 'Contador', 'Gerente'] as const;
const names = ['Ana', 'Benjamín', 'Camila', 'Diego', 'Elena', 'Felipe', 'Ñandú', 'Zoë'] as const;
const surnames = ['Soto', 'Muñoz', 'Rojas', 'Díaz', 'Pérez', 'Contreras', "O'Higgins"] as const;

/**
 * A made-up closing, row by row: the same for the same seed on every machine, and a row is the same whatever follows it.
 * Without defects it has no discrepancy; three employees in ten are in the Novedades, some with movements and absences.
 */
export function* syntheticPayroll(options: SyntheticPayroll): Generator<SyntheticRow> {
  for (let i = 0; i < options.employees; i += 1) yield row(options, i);
}

function row(options: SyntheticPayroll, i: number): SyntheticRow {
  const random = seeded(options.seed * 1_000_003 + i * 7919 + 1);
  const bad = (chance: number) => options.defects && random.percent(chance);
  // an employee who was there already, some lines before: another chunk's, as likely as not
  const body = bodyOf(options.seed, i >= 37 && bad(2) ? i - 37 : i);
  const wrong = bad(2);
  const rut = (): string => written(body, wrong, options.defects, random);
  const empty = bad(1);
  const name = `${pick(names, random)} ${pick(surnames, random)} ${pick(surnames, random)}`;
  const role = pick(roles, random);
  const concepts = librosConcepts(options, random);
  const libro: SourceEmployee = {
    rut: empty ? pick(['-', '.', '0'], random) : rut(),
    name: bad(2) ? pick(['', ' '], random) : name,
    role: bad(2) ? '' : role,
    costCentre: `CC${random.between(100, 130)}`,
    baseSalary: money(random.between(50_000_000, 350_000_000)),
    startDate: random.percent(95) ? `20${random.between(10, 24)}-0${random.between(1, 9)}-15` : null,
    concepts,
  };
  const novedades: SourceEmployee[] = [];
  if (random.percent(30)) {
    const changes = changesOf(options, concepts, random);
    const employee = {
      rut: rut(),
      name,
      role: random.percent(40) ? pick(roles, random) : random.percent(50) ? null : '',
      costCentre: null,
      baseSalary: null,
      startDate: null,
    };
    novedades.push({ ...employee, concepts: changes });
    if (bad(3))
      novedades.push({ ...employee, rut: rut(), role: 'Segunda fila', concepts: changes.slice(0, 1) });
  }
  if (bad(1))
    novedades.push({
      rut: written(bodyOf(options.seed, i) + 50_000_000, false, true, random),
      name: 'Sin Libro',
      role: null,
      costCentre: null,
      baseSalary: null,
      startDate: null,
      concepts: changesOf(options, concepts, random),
    });
  return { libro, novedades, movements: movementsOf(options, rut, random) };
}

/** Different seeds have different people: movements belong to a RUT and not to a closing. */
function bodyOf(seed: number, i: number): number {
  return 1_000_000 + (Math.abs(seed) % 200) * 200_000 + i;
}

/** A RUT as files have it: with dots or without, with zeros in front, with a small k. */
function written(body: number, wrong: boolean, untidy: boolean, random: Random): string {
  const digit = checkDigit(body);
  const shown = wrong ? (digit === '1' ? '2' : '1') : digit;
  if (!untidy) return `${body}-${shown}`;
  const dotted = String(body).replaceAll(/\B(?=(\d{3})+$)/g, '.');
  switch (random.between(1, 5)) {
    case 1:
      return `${dotted}-${shown}`;
    case 2:
      return `${body}${shown}`;
    case 3:
      return `0${body}-${shown.toLowerCase()}`;
    case 4:
      return ` ${body} - ${shown}`;
    default:
      return `${body}-${shown}`;
  }
}

function librosConcepts(options: SyntheticPayroll, random: Random): readonly SourceConcept[] {
  const bad = (chance: number) => options.defects && random.percent(chance);
  const concepts: SourceConcept[] = [];
  for (let n = 1; n <= options.concepts; n += 1) {
    const type = n % 3 === 0 ? 'descuento' : 'haber';
    concepts.push({
      code: `${type === 'haber' ? 'H' : 'D'}${String(n).padStart(3, '0')}`,
      name: bad(1) ? ' ' : `Concepto ${n}`,
      value: money(random.between(n === 2 ? -500_000 : 0, 90_000_000)),
      type: bad(1) ? 'informativo' : bad(2) ? ` ${type.toUpperCase()} ` : type,
    });
  }
  const [first] = concepts;
  // the last of a code counts
  if (first !== undefined && bad(3)) concepts.push({ ...first, value: money(random.between(1, 9_999_999)) });
  return concepts;
}

function changesOf(
  options: SyntheticPayroll,
  libro: readonly SourceConcept[],
  random: Random,
): readonly SourceConcept[] {
  const bad = (chance: number) => options.defects && random.percent(chance);
  const changes: SourceConcept[] = [];
  for (let n = random.between(0, 4); n > 0 && libro.length > 0; n -= 1) {
    // one concept in so many places of the file: no code twice unless that is wanted
    const concept = libro[(n * 5 + random.between(0, 4)) % libro.length];
    if (concept === undefined) continue;
    const before = changes.find(({ code }) => code === concept.code);
    if (before !== undefined) continue;
    changes.push({
      code: concept.code,
      name: bad(5) ? '' : `${concept.name.trim() === '' ? 'Concepto' : concept.name} (novedad)`,
      value: bad(20) ? pick(['0', '0.00', '-0'], random) : money(random.between(1, 90_000_000)),
      type: bad(8) ? (concept.type === 'haber' ? 'descuento' : 'haber') : concept.type,
    });
  }
  if (random.percent(30))
    changes.push({
      code: 'N900',
      name: bad(10) ? '' : 'Bono extraordinario',
      value: bad(20) ? '0' : money(random.between(1, 9_000_000)),
      type: 'haber',
    });
  const [first] = changes;
  if (first !== undefined && bad(5)) changes.push({ ...first, value: money(random.between(0, 9_999_999)) });
  return changes;
}

/** Movements in the month and beside it; without defects the analyst reports each one in it. */
function movementsOf(
  options: SyntheticPayroll,
  rut: () => string,
  random: Random,
): readonly SourceMovement[] {
  const bad = (chance: number) => options.defects && random.percent(chance);
  const movements: SourceMovement[] = [];
  const day = () => `2025-07-${String(random.between(1, 31)).padStart(2, '0')}`;
  for (const [type, reported, chance] of [
    ['ingreso', 'ANALISTA_INGRESO', 3],
    ['finiquito', 'ANALISTA_FINIQUITO', 2],
  ] as const) {
    if (random.percent(chance)) {
      const date = day();
      movements.push({ class: 'ALTA_BAJA', rut: rut(), type, date, text: 'por contrato' });
      if (!bad(35)) movements.push({ class: reported, rut: rut(), date, text: 'informado' });
    } else if (bad(1)) {
      movements.push({ class: reported, rut: rut(), date: day(), text: 'sin movimiento' });
    } else if (random.percent(2)) {
      const date = pick(['2025-06-30', '2025-08-01', '2024-07-15'], random);
      movements.push({ class: 'ALTA_BAJA', rut: rut(), type, date, text: 'otro mes' });
    }
  }
  if (random.percent(8)) {
    const date = pick(['2025-07-01', '2025-07-10', '2025-07-31', '2025-06-30', '2025-08-01'], random);
    movements.push({ class: 'AUSENTISMO', rut: rut(), type: 'licencia', date, until: date, days: 1 });
  }
  if (random.percent(4))
    movements.push({ class: 'VACACIONES', rut: rut(), date: '2025-07-21', until: '2025-07-25', days: 5 });
  if (random.percent(1))
    movements.push({
      class: 'ANALISTA_INCIDENCIA',
      rut: rut(),
      type: 'revision',
      text: 'horas por confirmar',
    });
  return movements;
}

function pick<T>(items: readonly [T, ...T[]] | readonly T[], random: Random): T {
  return items[random.between(0, items.length - 1)] as T;
}

/** Cents as a decimal; most amounts are whole pesos. */
function money(cents: number): string {
  const sign = cents < 0 ? '-' : '';
  const digits = String(Math.abs(cents)).padStart(3, '0');
  const fraction = digits.slice(-2);
  const whole = Number(digits.slice(0, -2));
  return `${sign}${whole}${Math.abs(cents) % 7 === 0 ? `.${fraction}` : ''}`;
}
