/**
 * The procedures against document 003 done by hand (test/reference-payroll), on a made-up closing with every defect there is. 2,000
 * employees; CARRIL_TEST_PAYROLL=10000 for as many as one likes.
 */
import t from 'tap';

import { nomina } from '../../procedures/generated/index.js';
import { consolidate } from '../reference-payroll/reference.js';
import { freshDatabase } from '../testing/index.js';
import { byRut, consolidated, generated, sourcesOf, stored } from './support.js';

t.setTimeout(600_000);
const { engine } = await freshDatabase(t, { connect: { poolMax: 6 } });
const employees = Number(process.env['CARRIL_TEST_PAYROLL'] ?? '2000');

t.test(`${employees} employees with every defect: to the peso, flag, source and rule`, async (t) => {
  const options = { employees, seed: 42, concepts: 24, defects: true };
  const expected = consolidate(sourcesOf(options));
  const closing = await generated(engine, options);
  const before = await nomina.estadoConsolidacion(engine, { idCierre: closing });
  t.equal(before.estado, 'con_discrepancias');
  t.equal(before.empleados, employees);

  const state = await consolidated(engine, closing);
  t.match(state, {
    estado: 'datos_consolidados',
    revisionRequerida: false,
    empleadosProcesados: expected.employees.length,
    registros: expected.employees.reduce((sum, { concepts }) => sum + 1 + concepts.length, 0),
    discrepancias: expected.discrepancies.length + expected.known.length,
    porcentaje: 100,
    totalHaberes: pesos(expected.employees.reduce((sum, { haberes }) => sum + haberes, 0n)),
    totalDescuentos: pesos(expected.employees.reduce((sum, { descuentos }) => sum + descuentos, 0n)),
  });

  const found = await stored(engine, closing);
  const [ours, theirs] = [byRut(found.employees), byRut(expected.employees)];
  t.equal(ours.size, found.employees.length, 'no RUT twice');
  const differing = [...new Set([...ours.keys(), ...theirs.keys()])].filter(
    (rut) => ours.get(rut) !== theirs.get(rut),
  );
  t.same(
    differing.slice(0, 3).map((rut) => [ours.get(rut), theirs.get(rut)]),
    [],
    `${differing.length} of ${theirs.size} employees differ`,
  );
  t.same(found.discrepancies, expected.discrepancies);
  t.same(found.known, expected.known);

  // a generator that makes no defects would prove nothing
  const kinds = new Set([...expected.discrepancies, ...expected.known].map((one) => one.split(' ')[0]));
  t.same([...kinds].sort(), [
    'CERO_EN_NOVEDADES',
    'CONCEPTO_DUPLICADO',
    'CONCEPTO_SIN_NOMBRE',
    'FINIQUITO_NO_INFORMADO',
    'FINIQUITO_SIN_MOVIMIENTO',
    'INGRESO_NO_INFORMADO',
    'INGRESO_SIN_MOVIMIENTO',
    'NOVEDADES_SIN_LIBRO',
    'RUT_DUPLICADO',
    'RUT_INVALIDO',
    'TIPO_DESCONOCIDO',
    'TIPO_DISTINTO',
  ]);
});

t.test('without defects there is nothing to be discrepant about', async (t) => {
  const options = { employees: 300, seed: 7, concepts: 24, defects: false };
  const closing = await generated(engine, options);
  const state = await consolidated(engine, closing);
  t.match(state, { estado: 'datos_consolidados', empleadosProcesados: 300, discrepancias: 0 });
  const found = await stored(engine, closing);
  const sorted = (all: Map<string, string>) => [...all.values()].sort();
  t.same(sorted(byRut(found.employees)), sorted(byRut(consolidate(sourcesOf(options)).employees)));
});

function pesos(cents: bigint): string {
  const digits = cents.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
