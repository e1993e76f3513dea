/** `carril payroll` as its people use it: workbooks and CSV in, JSON and CSV out, exit codes. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import t from 'tap';
import writeWorkbook from 'write-excel-file/node';

import { nomina, trabajo } from '../../procedures/generated/index.js';
import { readLibro, readMovements, readNovedades } from '../../runner/payroll/files.js';
import type { CellProblem } from '../../runner/payroll/cells.js';
import { checkDigit, rutProblem } from '../../runner/payroll/rut.js';
import { columnName } from '../../runner/payroll/workbook.js';
import { holdTable } from '../runner/support.js';
import { freshDatabase, runCarril, spawnCarril } from '../testing/index.js';
import { waitUntil, waitUntilBlocked } from '../testing/wait.js';
import { generated } from './support.js';

t.setTimeout(180_000);
const db = await freshDatabase(t);
const { env } = db;
const folder = t.testdir();
const carril = (...args: string[]) => runCarril(['payroll', ...args], { env });

type Cell = string | number | Date | boolean | null;

/** Writes a workbook: each sheet its rows. */
async function workbook(
  name: string,
  sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>,
): Promise<string> {
  const file = join(folder, name);
  const data = Object.entries(sheets).map(([sheet, rows]) => ({
    sheet,
    data: rows.map((row) =>
      row.map((value) =>
        value instanceof Date
          ? { value, type: Date, format: 'dd/mm/yyyy' }
          : value === null
            ? null
            : { value },
      ),
    ),
  }));
  await writeWorkbook(data).toFile(file);
  return file;
}

const libroTitles = ['RUT', 'Nombre', 'Cargo', 'Centro_Costo', 'Sueldo_Base', 'Fecha_Ingreso', 'Ignored'];
const conceptTitles = ['rut', 'codigo_concepto', 'nombre_concepto', 'valor', 'tipo_concepto'];
const rut = (n: number) => `${n}-${checkDigit(n)}`;
const places = (problems: readonly CellProblem[]) =>
  problems.map(({ sheet, row, column }) => `${sheet} ${row} ${column ?? '-'}`);

t.test('check digits', (t) => {
  for (const good of ['12.345.678-5', '1-9', '10.000.013-K', '10000013k', '7.654.321-6', '009-4'])
    t.equal(rutProblem(good), undefined, good);
  for (const bad of ['12.345.678-4', '1-K', '', '-', '12A45678-5', 'K-1', '1234567890-1'])
    t.type(rutProblem(bad), 'string', bad);
  t.same([0, 25, 26, 51, 52, 701, 702].map(columnName), ['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  t.end();
});

t.test('a workbook is read exactly', async (t) => {
  const file = await workbook('exact.xlsx', {
    Empleados: [
      libroTitles,
      [
        '12.345.678-5',
        'Ñandú Pérez',
        ' Jefa ',
        'CC1',
        1_234_567_890.12,
        new Date(Date.UTC(2020, 1, 29)),
        'x',
      ],
      [],
      [123456785, null, null, 'CC2', '0.1', '2024-12-31'],
    ],
    conceptos: [
      conceptTitles,
      ['12345678-5', 'H001', 'Sueldo', 0.1 + 0.2, 'haber'],
      ['12345678-5', 'H002', null, 1e9, 'HABER'],
      ['0012345678-5', 'D1', 'x', -1_999_999.99, 'descuento'],
    ],
  });
  const { content, problems } = await readLibro(file);
  t.same(problems, []);
  t.same(content, [
    {
      rut: '12.345.678-5',
      name: 'Ñandú Pérez',
      role: 'Jefa',
      costCentre: 'CC1',
      baseSalary: '1234567890.12',
      startDate: '2020-02-29',
      concepts: [
        { code: 'H001', name: 'Sueldo', value: '0.3', type: 'haber' },
        { code: 'H002', name: '', value: '1000000000', type: 'HABER' },
        { code: 'D1', name: 'x', value: '-1999999.99', type: 'descuento' },
      ],
    },
    {
      rut: '123456785',
      name: '',
      role: null,
      costCentre: 'CC2',
      baseSalary: '0.1',
      startDate: '2024-12-31',
      // the RUT stands there before: its first row has the concepts
      concepts: [],
    },
  ]);
});

t.test('every bad cell is named by sheet, row and column', async (t) => {
  const file = await workbook('bad.xlsx', {
    empleados: [
      libroTitles,
      ['12.345.678-4', 'wrong digit', 'c', 'CC1', 1, null],
      ['no RUT', 'n', 'c', 'CC1', 1, null],
      [rut(5), 'n', 'c', null, '1.234,56', '31/12/2024'],
      [rut(6), 'x'.repeat(201), 'c', 'CC1', 1.005, null],
    ],
    conceptos: [
      conceptTitles,
      [rut(5), '12345678901', 'n', '12a', 'haber'],
      [rut(7), 'H1', 'n', 12345678901, null],
    ],
  });
  const { problems } = await readLibro(file);
  t.same(places(problems), [
    'empleados 2 A (rut)',
    'empleados 3 A (rut)',
    'empleados 4 D (centro_costo)',
    'empleados 4 E (sueldo_base)',
    'empleados 4 F (fecha_ingreso)',
    'empleados 5 B (nombre)',
    'empleados 5 E (sueldo_base)',
    'conceptos 2 B (codigo_concepto)',
    'conceptos 2 D (valor)',
    'conceptos 3 D (valor)',
    'conceptos 3 E (tipo_concepto)',
    'conceptos 3 A (rut)',
  ]);
  t.match(problems[0]?.message, /check digit: of 12345678 it is 5/);
  const { problems: none } = await readNovedades(await workbook('none.xlsx', { hoja1: [['x']] }));
  t.same(places(none), ['empleados 1 -', 'conceptos 1 -']);
  t.same(
    places(
      (await readMovements(await workbook('columns.xlsx', { altas_bajas: [['rut', 'motivo']] }))).problems,
    ),
    ['altas_bajas 1 -', 'altas_bajas 1 -'],
  );
});

t.test('from workbooks and CSV files to the export', async (t) => {
  const libro = await workbook('libro.xlsx', {
    empleados: [
      libroTitles.slice(0, 6),
      ['12.345.678-5', 'Ana', 'Analista', 'CC1', 1000, null],
      [rut(9_999_999), 'Benjamín', 'Jefe', 'CC2', 2000, null],
    ],
    conceptos: [
      conceptTitles,
      ['12.345.678-5', 'H1', 'Sueldo', 1000.5, 'haber'],
      [rut(9_999_999), 'D1', 'AFP', 10, 'descuento'],
    ],
  });
  const novedades = join(folder, 'novedades');
  mkdirSync(novedades);
  writeFileSync(join(novedades, 'empleados.csv'), '\uFEFFrut,nombre,cargo\r\n12345678-5,Ana,Gerenta\r\n');
  writeFileSync(
    join(novedades, 'conceptos.csv'),
    `${conceptTitles.join(',')}\n12345678-5,H1,"Sueldo, nuevo",2000.75,haber\n12345678-5,H2,Bono,0,haber\n`,
  );
  const movements = await workbook('movimientos.xlsx', {
    altas_bajas: [
      ['rut', 'tipo_movimiento', 'fecha_movimiento'],
      ['12.345.678-5', 'Ingreso', new Date(Date.UTC(2025, 6, 1))],
    ],
  });
  const month = ['--client', 'ACME', '--month', '2025-07'];

  const broken = join(folder, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'empleados.csv'), 'rut,nombre\n12345678-9,Ana\n');
  writeFileSync(join(broken, 'conceptos.csv'), `${conceptTitles.join(',')}\n`);
  const refused = await carril('load', ...month, '--libro', libro, '--novedades', broken, '--json');
  t.equal(refused.code, 1);
  const { error } = JSON.parse(refused.stderr) as {
    error: { code: string; message: string; problems: unknown[] };
  };
  t.match(error, {
    code: 'BAD_INPUT',
    message: /1 bad cell; nothing was loaded\n.*empleados\.csv, sheet empleados, row 2, column A \(rut\): /,
    problems: [{ sheet: 'empleados', row: 2, column: 'A (rut)' }],
  });
  t.equal((await carril('status', '1')).code, 1, 'no closing was begun');

  const loaded = await carril(
    ...['load', ...month, '--libro', libro, '--novedades', novedades, '--movements', movements, '--json'],
  );
  t.equal(loaded.code, 0, loaded.stderr);
  const { closing_id: id, ...rest } = JSON.parse(loaded.stdout) as { closing_id: string };
  t.same(rest, {
    state: 'verificado_sin_discrepancias',
    employees: 2,
    novedades: 1,
    movements: 1,
    repeated: 0,
    discrepancies: 0,
  });

  const watch = spawnCarril(['payroll', 'status', id, '--watch', '--json'], { env });
  const done = await carril('consolidate', id, '--lanes', '2', '--json');
  t.equal(done.code, 0, done.stderr);
  const result = JSON.parse(done.stdout) as { employees_per_s: number };
  t.match(result, {
    state: 'datos_consolidados',
    employees: 2,
    chunks: 1,
    chunk_size: 2,
    review_required: false,
  });
  t.ok(result.employees_per_s > 0);
  t.same(Object.keys(result), [
    'state',
    'employees',
    'employees_per_s',
    'chunks',
    'chunk_size',
    'review_required',
  ]);
  const watched = await watch.done;
  t.equal(watched.code, 0, watched.stderr);
  t.match(JSON.parse(watched.stdout), { state: 'datos_consolidados', percent: 100, liquido: '1990.75' });

  const file = join(folder, 'out.csv');
  const exported = await carril('export', id, '--csv', '--out', file);
  t.equal(exported.code, 0, exported.stderr);
  t.match(parse(readFileSync(file, 'utf8'), { columns: true }), [
    {
      rut: '12345678-5',
      cargo: 'Gerenta',
      es_ingreso: '1',
      total_haberes: '2000.75',
      liquido_pagar: '2000.75',
    },
    {
      rut: rut(9_999_999),
      cargo: 'Jefe',
      total_descuentos: '10.00',
      liquido_pagar: '-10.00',
      fuentes_utilizadas: 'libro',
    },
  ]);
  const concepts = await carril('export', id, '--csv', '--concepts');
  t.match(parse(concepts.stdout, { columns: true }), [
    { codigo_concepto: 'H1', nombre_concepto: 'Sueldo, nuevo', valor: '2000.75', fuente_dato: 'novedades' },
    { codigo_concepto: 'D1', valor: '10.00', fuente_dato: 'libro' },
  ]);
  const [found, list] = await Promise.all([carril('discrepancies', id, '--json'), carril('list')]);
  t.match(list.stdout, new RegExp(`^ +${id} .*2025-07 .*datos_consolidados +2 +1 +1990\\.75`, 'm'));
  t.match(JSON.parse(found.stdout), {
    counts: { CERO_EN_NOVEDADES: 1 },
    discrepancies: [{ rut: '12345678-5', concept: 'H2', found_by: 'consolidation' }],
  });

  const twice = await carril('consolidate', id);
  t.equal(twice.code, 1);
  t.match(twice.stderr, /datos_consolidados/);
  const back = await carril('rollback', id, '--json');
  t.match(JSON.parse(back.stdout), { closing_id: id, state: 'verificado_sin_discrepancias' });
  rmSync(file);
});

t.test('out of time: what runs is finished, the rest is cut off', async (t) => {
  const closing = await generated(db.engine, { employees: 133, seed: 4, concepts: 2 });
  const barrier = await holdTable(db.engine, 'nomina.ConceptoEmpleadoConsolidado');
  const child = spawnCarril(
    ['payroll', 'consolidate', String(closing), '--lanes', '2', '--timeout', '1s', '--json'],
    { env },
  );
  await waitUntilBlocked(db.engine, 2);
  await waitUntil('its time is up', async () => {
    const { chunksCompletados, idTrabajo } = await nomina.estadoConsolidacion(db.engine, {
      idCierre: closing,
    });
    if (idTrabajo === null || chunksCompletados > 0) return false;
    return (await trabajo.estadoTrabajo(db.engine, { idTrabajo })).cancelado;
  });
  await barrier.release();
  const { code, stdout, stderr } = await child.done;
  t.equal(code, 1, stderr);
  t.match(JSON.parse(stdout), {
    state: 'timeout_consolidacion',
    employees: 54,
    chunks: 5,
    review_required: true,
  });
  t.match(stderr, /payroll rollback/);
});

t.test('wrong use is said, exit 2', async (t) => {
  const missing = await carril(
    'load',
    '--client',
    'A',
    '--month',
    '2025-07',
    '--libro',
    join(folder, 'nowhere.xlsx'),
  );
  t.equal(missing.code, 2);
  t.match(missing.stderr, /nowhere\.xlsx: there is no such file/);
  const month = await carril('load', '--client', 'A', '--month', '2025-13', '--libro', 'x.xlsx');
  t.equal(month.code, 2);
  t.match(month.stderr, /--month/);
  const made = await carril('generate', '--employees', '40', '--seed', '9', '--json');
  t.equal(made.code, 0, made.stderr);
  t.match(JSON.parse(made.stdout), { closing_id: /^\d+$/ });
});
