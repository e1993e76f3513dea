// written by carril codegen, never edited
import type { Row, TableType } from '../../engine/index.js';

/** A row of `nomina.Lista_Conceptos_v1`. */
export interface ListaConceptosV1Row {
  /** int */
  readonly linea: number;
  /** int */
  readonly empleado: number;
  /** nvarchar(10) */
  readonly codigo: string;
  /** nvarchar(200) */
  readonly nombre: string;
  /** varchar(20) */
  readonly valor: string;
  /** nvarchar(20) */
  readonly tipo: string;
}

/** The table type `nomina.Lista_Conceptos_v1`. */
export const listaConceptosV1: TableType = {
  table: 'nomina.Lista_Conceptos_v1',
  columns: [
    { name: 'Linea', type: { kind: 'int' }, nullable: false },
    { name: 'Empleado', type: { kind: 'int' }, nullable: false },
    { name: 'Codigo', type: { kind: 'nvarchar', length: 10 }, nullable: false },
    { name: 'Nombre', type: { kind: 'nvarchar', length: 200 }, nullable: false },
    { name: 'Valor', type: { kind: 'varchar', length: 20 }, nullable: false },
    { name: 'Tipo', type: { kind: 'nvarchar', length: 20 }, nullable: false },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function listaConceptosV1Rows(rows: readonly ListaConceptosV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Linea: row.linea,
    Empleado: row.empleado,
    Codigo: row.codigo,
    Nombre: row.nombre,
    Valor: row.valor,
    Tipo: row.tipo,
  }));
}

/** A row of `nomina.Lista_Empleados_v1`. */
export interface ListaEmpleadosV1Row {
  /** int */
  readonly linea: number;
  /** varchar(15) */
  readonly rut: string;
  /** nvarchar(200) */
  readonly nombre: string;
  /** nvarchar(100); NULL when left out */
  readonly cargo?: string | null | undefined;
  /** nvarchar(50); NULL when left out */
  readonly centroCosto?: string | null | undefined;
  /** varchar(20); NULL when left out */
  readonly sueldoBase?: string | null | undefined;
  /** date, `YYYY-MM-DD`; NULL when left out */
  readonly fechaIngreso?: string | null | undefined;
}

/** The table type `nomina.Lista_Empleados_v1`. */
export const listaEmpleadosV1: TableType = {
  table: 'nomina.Lista_Empleados_v1',
  columns: [
    { name: 'Linea', type: { kind: 'int' }, nullable: false },
    { name: 'RUT', type: { kind: 'varchar', length: 15 }, nullable: false },
    { name: 'Nombre', type: { kind: 'nvarchar', length: 200 }, nullable: false },
    { name: 'Cargo', type: { kind: 'nvarchar', length: 100 }, nullable: true },
    { name: 'Centro_Costo', type: { kind: 'nvarchar', length: 50 }, nullable: true },
    { name: 'Sueldo_Base', type: { kind: 'varchar', length: 20 }, nullable: true },
    { name: 'Fecha_Ingreso', type: { kind: 'date' }, nullable: true },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function listaEmpleadosV1Rows(rows: readonly ListaEmpleadosV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Linea: row.linea,
    RUT: row.rut,
    Nombre: row.nombre,
    Cargo: row.cargo ?? null,
    Centro_Costo: row.centroCosto ?? null,
    Sueldo_Base: row.sueldoBase ?? null,
    Fecha_Ingreso: row.fechaIngreso ?? null,
  }));
}

/** A row of `nomina.Lista_Movimientos_v1`. */
export interface ListaMovimientosV1Row {
  /** int */
  readonly linea: number;
  /** varchar(30) */
  readonly clase: string;
  /** varchar(15) */
  readonly rut: string;
  /** nvarchar(50); NULL when left out */
  readonly tipo?: string | null | undefined;
  /** date, `YYYY-MM-DD`; NULL when left out */
  readonly fecha?: string | null | undefined;
  /** date, `YYYY-MM-DD`; NULL when left out */
  readonly fechaFin?: string | null | undefined;
  /** int; NULL when left out */
  readonly dias?: number | null | undefined;
  /** nvarchar(max); NULL when left out */
  readonly texto?: string | null | undefined;
}

/** The table type `nomina.Lista_Movimientos_v1`. */
export const listaMovimientosV1: TableType = {
  table: 'nomina.Lista_Movimientos_v1',
  columns: [
    { name: 'Linea', type: { kind: 'int' }, nullable: false },
    { name: 'Clase', type: { kind: 'varchar', length: 30 }, nullable: false },
    { name: 'RUT', type: { kind: 'varchar', length: 15 }, nullable: false },
    { name: 'Tipo', type: { kind: 'nvarchar', length: 50 }, nullable: true },
    { name: 'Fecha', type: { kind: 'date' }, nullable: true },
    { name: 'Fecha_Fin', type: { kind: 'date' }, nullable: true },
    { name: 'Dias', type: { kind: 'int' }, nullable: true },
    { name: 'Texto', type: { kind: 'nvarchar', length: 'max' }, nullable: true },
  ],
};

/** Rows as the engine takes them, by the names of the columns. */
export function listaMovimientosV1Rows(rows: readonly ListaMovimientosV1Row[] | undefined): readonly Row[] {
  if (rows === undefined) return [];
  return rows.map((row) => ({
    Linea: row.linea,
    Clase: row.clase,
    RUT: row.rut,
    Tipo: row.tipo ?? null,
    Fecha: row.fecha ?? null,
    Fecha_Fin: row.fechaFin ?? null,
    Dias: row.dias ?? null,
    Texto: row.texto ?? null,
  }));
}
