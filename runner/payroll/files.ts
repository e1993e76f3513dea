import { checkSheet } from './cells.js';
import type { CellProblem, CheckedRow, ColumnRule } from './cells.js';
import { cleanRut } from './rut.js';
import type { SourceConcept, SourceEmployee, SourceMovement } from './sources.js';
import { columnName, readSheets } from './workbook.js';
import type { Sheet } from './workbook.js';

/** A file's content after its checks: nothing of it counts when there is a problem. */
export interface ReadFile<T> {
  readonly content: readonly T[];
  readonly problems: readonly CellProblem[];
}

const rut: ColumnRule = { cell: { kind: 'rut' }, required: true };
const date: ColumnRule = { cell: { kind: 'date' }, required: true };
const days: ColumnRule = { cell: { kind: 'days' }, required: true };
const amount: ColumnRule = { cell: { kind: 'amount' }, required: true };
const text = (longest: number, required: boolean): ColumnRule => ({
  cell: { kind: 'text', longest },
  required,
});
const optional = (rule: ColumnRule): ColumnRule => ({ ...rule, required: false, optional: true });

const conceptColumns = {
  rut,
  codigo_concepto: text(10, true),
  // a concept without a name is no problem of the file: the rules decide what it is called
  nombre_concepto: text(200, false),
  valor: amount,
  tipo_concepto: text(20, true),
} as const;

const libroColumns = {
  rut,
  nombre: text(200, false),
  cargo: text(100, false),
  centro_costo: text(50, true),
  sueldo_base: amount,
  fecha_ingreso: optional(date),
} as const;

const novedadesColumns = {
  rut,
  nombre: text(200, false),
  cargo: optional(text(100, false)),
  centro_costo: optional(text(50, false)),
} as const;

/** The Libro de Remuneraciones: sheets empleados and conceptos. */
export async function readLibro(path: string): Promise<ReadFile<SourceEmployee>> {
  const { found, problems } = await sheetsOf(path, ['empleados', 'conceptos']);
  const rows = checked(found, 'empleados', libroColumns, problems);
  const concepts = conceptsOf(found, rows, problems);
  const content = rows.map((row, i) => ({
    ...personOf(row),
    costCentre: row.get('centro_costo'),
    baseSalary: row.get('sueldo_base'),
    startDate: row.get('fecha_ingreso'),
    concepts: concepts.get(i) ?? [],
  }));
  return { content, problems };
}

/** The Novedades: the same sheets, with less about the people. */
export async function readNovedades(path: string): Promise<ReadFile<SourceEmployee>> {
  const { found, problems } = await sheetsOf(path, ['empleados', 'conceptos']);
  const rows = checked(found, 'empleados', novedadesColumns, problems);
  const concepts = conceptsOf(found, rows, problems);
  const content = rows.map((row, i) => ({
    ...personOf(row),
    costCentre: row.get('centro_costo'),
    baseSalary: null,
    startDate: null,
    concepts: concepts.get(i) ?? [],
  }));
  return { content, problems };
}

/** The personnel system's movements: sheets altas_bajas, ausentismos, vacaciones; each may be missing, not all of them. */
export async function readMovements(path: string): Promise<ReadFile<SourceMovement>> {
  const { found, problems } = await sheetsOf(path, [], ['altas_bajas', 'ausentismos', 'vacaciones']);
  const content: SourceMovement[] = [];
  const kinds: ColumnRule = { cell: { kind: 'one of', values: ['ingreso', 'finiquito'] }, required: true };
  for (const row of checked(
    found,
    'altas_bajas',
    { rut, tipo_movimiento: kinds, fecha_movimiento: date, motivo: optional(text(200, false)) },
    problems,
  ))
    content.push({
      class: 'ALTA_BAJA',
      rut: row.get('rut') ?? '',
      type: row.get('tipo_movimiento'),
      date: row.get('fecha_movimiento'),
      text: row.get('motivo'),
    });
  for (const row of checked(
    found,
    'ausentismos',
    { rut, tipo_ausentismo: text(50, true), fecha_inicio: date, fecha_fin: date, dias_ausentismo: days },
    problems,
  ))
    content.push({
      class: 'AUSENTISMO',
      rut: row.get('rut') ?? '',
      type: row.get('tipo_ausentismo'),
      date: row.get('fecha_inicio'),
      until: row.get('fecha_fin'),
      days: Number(row.get('dias_ausentismo')),
    });
  for (const row of checked(
    found,
    'vacaciones',
    { rut, fecha_inicio: date, fecha_fin: date, dias_habiles: days },
    problems,
  ))
    content.push({
      class: 'VACACIONES',
      rut: row.get('rut') ?? '',
      date: row.get('fecha_inicio'),
      until: row.get('fecha_fin'),
      days: Number(row.get('dias_habiles')),
    });
  return { content, problems: [...problems, ...endsBeforeItBegins(found)] };
}

/** What the analyst reports: sheets ingresos, finiquitos, incidencias; each may be missing, not all of them. */
export async function readAnalyst(path: string): Promise<ReadFile<SourceMovement>> {
  const { found, problems } = await sheetsOf(path, [], ['ingresos', 'finiquitos', 'incidencias']);
  const content: SourceMovement[] = [];
  for (const row of checked(
    found,
    'ingresos',
    { rut, fecha_ingreso: date, observaciones: optional(text(4000, false)) },
    problems,
  ))
    content.push({
      class: 'ANALISTA_INGRESO',
      rut: row.get('rut') ?? '',
      date: row.get('fecha_ingreso'),
      text: row.get('observaciones'),
    });
  for (const row of checked(
    found,
    'finiquitos',
    { rut, fecha_finiquito: date, motivo: text(200, true) },
    problems,
  ))
    content.push({
      class: 'ANALISTA_FINIQUITO',
      rut: row.get('rut') ?? '',
      date: row.get('fecha_finiquito'),
      text: row.get('motivo'),
    });
  for (const row of checked(
    found,
    'incidencias',
    { rut, tipo_incidencia: text(50, true), descripcion: text(4000, true) },
    problems,
  ))
    content.push({
      class: 'ANALISTA_INCIDENCIA',
      rut: row.get('rut') ?? '',
      type: row.get('tipo_incidencia'),
      text: row.get('descripcion'),
    });
  return { content, problems };
}

async function sheetsOf(
  path: string,
  needed: readonly string[],
  some: readonly string[] = [],
): Promise<{ found: ReadonlyMap<string, Sheet>; problems: CellProblem[] }> {
  const found = new Map((await readSheets(path)).map((sheet) => [sheet.name, sheet]));
  const problems: CellProblem[] = [];
  const missing = (sheet: string, message: string) =>
    problems.push({ file: path, sheet, row: 1, column: null, message });
  for (const name of needed)
    if (!found.has(name)) missing(name, `there is no such sheet; found: ${[...found.keys()].join(', ')}`);
  if (some.length > 0 && !some.some((name) => found.has(name)))
    missing(
      some[0] ?? '',
      `there is none of the sheets ${some.join(', ')}; found: ${[...found.keys()].join(', ')}`,
    );
  return { found, problems };
}

function checked<Name extends string>(
  found: ReadonlyMap<string, Sheet>,
  name: string,
  rules: Readonly<Record<Name, ColumnRule>>,
  problems: CellProblem[],
): readonly CheckedRow<Name>[] {
  const sheet = found.get(name);
  return sheet === undefined ? [] : checkSheet(sheet, rules, problems);
}

function personOf(
  row: CheckedRow<'rut' | 'nombre' | 'cargo'>,
): Pick<SourceEmployee, 'rut' | 'name' | 'role'> {
  return { rut: row.get('rut') ?? '', name: row.get('nombre') ?? '', role: row.get('cargo') };
}

/** The concepts by the place of their employee; of a RUT that stands there twice, the first row's. */
function conceptsOf(
  found: ReadonlyMap<string, Sheet>,
  employees: readonly CheckedRow<'rut'>[],
  problems: CellProblem[],
): ReadonlyMap<number, readonly SourceConcept[]> {
  const places = new Map<string, number>();
  employees.forEach((row, i) => {
    const key = cleanRut(row.get('rut') ?? '');
    if (!places.has(key)) places.set(key, i);
  });
  const sheet = found.get('conceptos');
  const concepts = new Map<number, SourceConcept[]>();
  for (const row of checked(found, 'conceptos', conceptColumns, problems)) {
    const text = row.get('rut');
    const place = text === null ? undefined : places.get(cleanRut(text));
    if (place === undefined) {
      // an employee whose own RUT is no good has been reported already
      if (text !== null && sheet !== undefined && employees.length > 0)
        problems.push({
          file: sheet.file,
          sheet: sheet.name,
          row: row.row,
          column: columnOf(sheet, 'rut'),
          message: `"${text}" is nobody in the sheet empleados`,
        });
      continue;
    }
    const list = concepts.get(place) ?? [];
    concepts.set(place, list);
    list.push({
      code: row.get('codigo_concepto') ?? '',
      name: row.get('nombre_concepto') ?? '',
      value: row.get('valor') ?? '',
      type: row.get('tipo_concepto') ?? '',
    });
  }
  return concepts;
}

function endsBeforeItBegins(found: ReadonlyMap<string, Sheet>): CellProblem[] {
  const problems: CellProblem[] = [];
  for (const name of ['ausentismos', 'vacaciones']) {
    const sheet = found.get(name);
    const [header, ...rows] = sheet?.rows ?? [];
    const titles = (header?.cells ?? []).map((title) => title?.toLowerCase());
    const [start, end] = [titles.indexOf('fecha_inicio'), titles.indexOf('fecha_fin')];
    if (sheet === undefined || start < 0 || end < 0) continue;
    for (const { row, cells } of rows) {
      const [from, to] = [cells[start] ?? '', cells[end] ?? ''];
      if (/^\d{4}-/.test(from) && /^\d{4}-/.test(to) && to < from)
        problems.push({
          file: sheet.file,
          sheet: name,
          row,
          column: columnOf(sheet, 'fecha_fin'),
          message: `${to} lies before fecha_inicio, ${from}`,
        });
    }
  }
  return problems;
}

function columnOf(sheet: Sheet, title: string): string {
  const place = sheet.rows[0]?.cells.findIndex((cell) => cell?.toLowerCase() === title) ?? -1;
  return place < 0 ? title : `${columnName(place)} (${title})`;
}
