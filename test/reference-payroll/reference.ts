/**
 * The consolidation of document 003, employee by employee and concept by concept, as its Python has it: no SQL, no sets, and
 * nothing of the program that it is held against but the shape of its input. Amounts are bigint cents.
 */
import type { SourceConcept, SourceEmployee, SourceMovement } from '../../runner/payroll/sources.js';

export interface Sources {
  readonly year: number;
  readonly month: number;
  readonly libro: readonly SourceEmployee[];
  readonly novedades: readonly SourceEmployee[];
  readonly movements: readonly SourceMovement[];
}

export interface ReferenceConcept {
  readonly code: string;
  readonly name: string;
  readonly value: bigint;
  readonly type: string;
  readonly source: 'libro' | 'novedades';
}

export interface ReferenceEmployee {
  readonly rut: string;
  readonly name: string;
  readonly role: string;
  readonly costCentre: string;
  readonly joined: boolean;
  readonly left: boolean;
  readonly absent: boolean;
  readonly haberes: bigint;
  readonly descuentos: bigint;
  readonly sources: readonly string[];
  readonly rules: readonly string[];
  readonly resolved: number;
  readonly concepts: readonly ReferenceConcept[];
}

export interface Consolidated {
  readonly employees: readonly ReferenceEmployee[];
  /** What was found on the way: `type rut code`. */
  readonly discrepancies: readonly string[];
  /** What the analyst's reports and the movements say of each other. */
  readonly known: readonly string[];
}

export function consolidate(sources: Sources): Consolidated {
  const discrepancies: string[] = [];
  const employees: ReferenceEmployee[] = [];
  const seen = new Set<string>();
  // the documents' first(): the first row of a RUT is the employee
  const firstNovedades = new Map<string, SourceEmployee>();
  const [timesLibro, timesNovedades] = [new Map<string, number>(), new Map<string, number>()];
  for (const row of sources.libro) count(timesLibro, keyOf(row.rut));
  for (const row of sources.novedades) {
    const key = keyOf(row.rut);
    count(timesNovedades, key);
    if (!firstNovedades.has(key)) firstNovedades.set(key, row);
  }
  const flags = movementsOfMonth(sources);

  for (const libro of sources.libro) {
    const key = keyOf(libro.rut);
    if (key === '') {
      discrepancies.push('RUT_INVALIDO  ');
      continue;
    }
    if (seen.has(key)) continue;
    seen.add(key);
    const found: string[] = [];
    const rut = `${key.slice(0, -1)}-${key.slice(-1)}`;
    const note = (type: string, code = '') => found.push(`${type} ${rut} ${code}`);
    if (!isValid(key)) note('RUT_INVALIDO');
    if ((timesLibro.get(key) ?? 0) > 1) note('RUT_DUPLICADO');
    if ((timesNovedades.get(key) ?? 0) > 1) note('RUT_DUPLICADO');

    const novedades = firstNovedades.get(key);
    const concepts = consolidateConcepts(libro.concepts, novedades?.concepts ?? [], note);
    const [haberes, descuentos] = ['haber', 'descuento'].map((type) =>
      concepts.reduce((sum, concept) => (concept.type === type ? sum + concept.value : sum), 0n),
    );
    const nameFromNovedades = blank(libro.name) && !blank(novedades?.name);
    const roleFromNovedades = !blank(novedades?.role);
    const joined = flags.joined.has(key);
    const left = flags.left.has(key);
    const absent = flags.absent.has(key);
    const fromLibro = concepts.some(({ source }) => source === 'libro');
    const fromNovedades = concepts.some(({ source }) => source === 'novedades');
    const zero = found.some((one) => one.startsWith('CERO_EN_NOVEDADES'));

    const used = ['libro'];
    if (nameFromNovedades || roleFromNovedades || fromNovedades) used.push('novedades');
    if (joined || left || absent) used.push('movimientos');
    const rules = [nameFromNovedades ? 'nombre_novedades' : 'nombre_libro'];
    rules.push(roleFromNovedades ? 'cargo_novedades' : 'cargo_libro');
    if (libro.rut.trim() !== rut) rules.push('rut_normalizado');
    if (fromLibro) rules.push('conceptos_libro');
    if (fromNovedades) rules.push('conceptos_novedades');
    if (zero) rules.push('cero_en_novedades');
    if (joined) rules.push('ingreso');
    if (left) rules.push('finiquito');
    if (absent) rules.push('ausentismo');

    employees.push({
      rut,
      name: (nameFromNovedades ? novedades?.name : libro.name)?.trim() ?? '',
      role: (roleFromNovedades ? novedades?.role : libro.role)?.trim() ?? '',
      costCentre: libro.costCentre?.trim() ?? '',
      joined,
      left,
      absent,
      haberes: haberes ?? 0n,
      descuentos: descuentos ?? 0n,
      sources: used,
      rules,
      resolved: found.length,
      concepts,
    });
    discrepancies.push(...found);
  }
  for (const key of firstNovedades.keys())
    if (!timesLibro.has(key)) discrepancies.push(`NOVEDADES_SIN_LIBRO ${key.slice(0, -1)}-${key.slice(-1)} `);
  return { employees, discrepancies: discrepancies.sort(), known: crossCheck(sources, timesLibro).sort() };
}

function consolidateConcepts(
  libro: readonly SourceConcept[],
  novedades: readonly SourceConcept[],
  note: (type: string, code: string) => void,
): readonly ReferenceConcept[] {
  // {c.codigo_concepto: c for c in conceptos}: the last of a code stays
  const [ofLibro, ofNovedades] = [byCode(libro), byCode(novedades)];
  const consolidated: ReferenceConcept[] = [];
  for (const code of [...new Set([...ofLibro.keys(), ...ofNovedades.keys()])].sort()) {
    const [old, changed] = [ofLibro.get(code)?.concept, ofNovedades.get(code)?.concept];
    if ((ofLibro.get(code)?.times ?? 0) > 1) note('CONCEPTO_DUPLICADO', code);
    if ((ofNovedades.get(code)?.times ?? 0) > 1) note('CONCEPTO_DUPLICADO', code);
    if (changed !== undefined && cents(changed.value) === 0n) note('CERO_EN_NOVEDADES', code);
    if (old !== undefined && changed !== undefined && typeOf(old) !== typeOf(changed))
      note('TIPO_DISTINTO', code);
    const useChanged = changed !== undefined && cents(changed.value) !== 0n;
    const concept = useChanged ? changed : old;
    if (concept === undefined) continue;
    const other = useChanged ? old : changed;
    let name = concept.name.trim();
    if (blank(concept.name)) {
      note('CONCEPTO_SIN_NOMBRE', code);
      name = blank(other?.name) ? code : (other?.name.trim() ?? code);
    }
    const type = typeOf(concept);
    if (type !== 'haber' && type !== 'descuento') note('TIPO_DESCONOCIDO', code);
    consolidated.push({
      code,
      name,
      value: cents(concept.value),
      type,
      source: useChanged ? 'novedades' : 'libro',
    });
  }
  return consolidated;
}

function byCode(concepts: readonly SourceConcept[]): Map<string, { concept: SourceConcept; times: number }> {
  const map = new Map<string, { concept: SourceConcept; times: number }>();
  for (const concept of concepts) {
    const code = concept.code.trim();
    map.set(code, { concept, times: (map.get(code)?.times ?? 0) + 1 });
  }
  return map;
}

function movementsOfMonth({
  year,
  month,
  movements,
}: Sources): Record<'joined' | 'left' | 'absent', Set<string>> {
  const flags = { joined: new Set<string>(), left: new Set<string>(), absent: new Set<string>() };
  const inMonth = (date: string | null | undefined) =>
    date?.startsWith(`${year}-${String(month).padStart(2, '0')}-`) === true;
  for (const movement of movements) {
    if (!inMonth(movement.date)) continue;
    if (movement.class === 'ALTA_BAJA' && movement.type === 'ingreso') flags.joined.add(keyOf(movement.rut));
    if (movement.class === 'ALTA_BAJA' && movement.type === 'finiquito') flags.left.add(keyOf(movement.rut));
    if (movement.class === 'AUSENTISMO') flags.absent.add(keyOf(movement.rut));
  }
  return flags;
}

function crossCheck(sources: Sources, libro: ReadonlyMap<string, number>): string[] {
  const flags = movementsOfMonth(sources);
  const found: string[] = [];
  for (const [kind, moved, reportedAs] of [
    ['INGRESO', flags.joined, 'ANALISTA_INGRESO'],
    ['FINIQUITO', flags.left, 'ANALISTA_FINIQUITO'],
  ] as const) {
    const reported = new Set(
      sources.movements.filter((movement) => movement.class === reportedAs).map(({ rut }) => keyOf(rut)),
    );
    for (const key of reported)
      if (!moved.has(key)) found.push(`${kind}_SIN_MOVIMIENTO ${key.slice(0, -1)}-${key.slice(-1)} `);
    if (reported.size === 0) continue;
    for (const key of moved)
      if (!reported.has(key) && libro.has(key))
        found.push(`${kind}_NO_INFORMADO ${key.slice(0, -1)}-${key.slice(-1)} `);
  }
  return found;
}

/** normalizar_rut. */
function keyOf(rut: string): string {
  let key = '';
  for (const char of rut.toUpperCase()) if (!['.', '-', ' '].includes(char)) key += char;
  while (key.startsWith('0')) key = key.slice(1);
  return key;
}

function isValid(key: string): boolean {
  if (!/^[0-9]{1,9}[0-9K]$/.test(key)) return false;
  const weights = [2, 3, 4, 5, 6, 7, 2, 3, 4];
  let sum = 0;
  for (let i = 0; i < key.length - 1; i += 1)
    sum += Number(key.charAt(key.length - 2 - i)) * (weights[i] ?? 0);
  const expected = 11 - (sum % 11);
  return key.slice(-1) === (expected === 11 ? '0' : expected === 10 ? 'K' : String(expected));
}

function typeOf({ type }: SourceConcept): string {
  return type.trim().toLowerCase();
}

function blank(text: string | null | undefined): boolean {
  return text === null || text === undefined || text.trim() === '';
}

function cents(text: string): bigint {
  const [, sign, whole = '0', fraction = ''] = /^([+-]?)(\d+)(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? [];
  const value = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
  return sign === '-' ? -value : value;
}

function count(times: Map<string, number>, key: string): void {
  times.set(key, (times.get(key) ?? 0) + 1);
}
