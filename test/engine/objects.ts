import type { Column, Engine, Parameter, Procedure, SqlType } from '../../engine/index.js';
import { isBabelfish } from './databases.js';

/** The table, type and procedures that the engine's tests call, in both dialects. */
export async function createObjects(engine: Engine): Promise<void> {
  for (const batch of engine.dialect === 'postgres' ? postgres : sqlServer) await engine.batch(batch);
  if (engine.dialect === 'postgres') return;
  await engine.batch(
    `CREATE PROCEDURE prueba.sp_Lenta AS SET NOCOUNT, XACT_ABORT ON; ${await slowQuery(engine)}`,
  );
}

export const column = (name: string, type: SqlType, nullable = true): Column => ({ name, type, nullable });
const input = (name: string, type: SqlType, optional = false): Parameter => ({
  name,
  type,
  output: false,
  optional,
});
const output = (name: string, type: SqlType): Parameter => ({ name, type, output: true, optional: false });

const fila: readonly Column[] = [
  column('Linea', { kind: 'int' }, false),
  column('ID_Largo', { kind: 'bigint' }),
  column('Fecha', { kind: 'date' }),
  column('Instante', { kind: 'datetime2', scale: 3 }),
  column('Monto', { kind: 'decimal', precision: 15, scale: 4 }),
  column('Marca', { kind: 'bit' }),
  column('Texto', { kind: 'nvarchar', length: 100 }),
  column('Codigo', { kind: 'varchar', length: 40 }),
];

/** Returns its rows as they arrived. */
export const eco: Procedure = {
  name: 'prueba.sp_Eco',
  parameters: [
    { name: 'Filas', type: { table: 'prueba.Filas_v1', columns: fila }, output: false, optional: true },
  ],
  results: [fila],
};

/** One value of each type, in by parameters and out by OUTPUT. */
export const salidas: Procedure = {
  name: 'prueba.sp_Salidas',
  parameters: [
    input('Largo', { kind: 'bigint' }),
    input('Fecha', { kind: 'date' }),
    input('Texto', { kind: 'nvarchar', length: 20 }, true),
    input('Guid', { kind: 'uniqueidentifier' }, true),
    output('Largo_Out', { kind: 'bigint' }),
    output('Fecha_Out', { kind: 'date' }),
    output('Texto_Out', { kind: 'nvarchar', length: 20 }),
    output('Guid_Out', { kind: 'uniqueidentifier' }),
  ],
  results: [],
};

/** Throws the number it is given. */
export const falla: Procedure = {
  name: 'prueba.sp_Falla',
  parameters: [input('Numero', { kind: 'int' })],
  results: [],
};

/** Throws `lock not granted` on all calls but each third. */
export const tercera: Procedure = {
  name: 'prueba.sp_Tercera',
  parameters: [],
  results: [[column('Llamada', { kind: 'int' }, false)]],
};

/** Runs `slowQuery`. */
export const lenta: Procedure = { name: 'prueba.sp_Lenta', parameters: [], results: [] };

export const procedures: readonly Procedure[] = [eco, salidas, falla, tercera, lenta];

/**
 * A statement that runs for a minute; on Babelfish, which has no WAITFOR and reads a cancel only after the statement,
 * for a second or two.
 */
export async function slowQuery(engine: Engine): Promise<string> {
  if (engine.dialect === 'postgres') return 'SELECT pg_sleep(60)';
  if (!(await isBabelfish(engine))) return "WAITFOR DELAY '00:01:00'";
  return 'SELECT COUNT_BIG(*) AS n FROM prueba.Numeros a, prueba.Numeros b, prueba.Numeros c WHERE a.N + b.N + c.N < 0';
}

export const filaColumns = fila;

const sqlServer = [
  'CREATE SCHEMA prueba',
  `CREATE TABLE prueba.Filas (Linea int NOT NULL PRIMARY KEY, ID_Largo bigint NULL, Fecha date NULL, Instante datetime2(3) NULL,
     Monto decimal(15,4) NULL, Marca bit NULL, Texto nvarchar(100) NULL, Codigo varchar(40) NULL)`,
  `CREATE TABLE prueba.Numeros (N int NOT NULL PRIMARY KEY)`,
  Array.from({ length: 200 }, (_, n) => `INSERT INTO prueba.Numeros VALUES (${n})`).join('\n'),
  `CREATE SEQUENCE prueba.Seq_Llamadas AS bigint START WITH 1`,
  `CREATE TYPE prueba.Filas_v1 AS TABLE (Linea int NOT NULL PRIMARY KEY, ID_Largo bigint NULL, Fecha date NULL, Instante datetime2(3) NULL,
     Monto decimal(15,4) NULL, Marca bit NULL, Texto nvarchar(100) NULL, Codigo varchar(40) NULL)`,
  `CREATE PROCEDURE prueba.sp_Eco @Filas prueba.Filas_v1 READONLY AS
     SET NOCOUNT, XACT_ABORT ON;
     SELECT Codigo, Linea, ID_Largo, Fecha, Instante, Monto, Marca, Texto FROM @Filas ORDER BY Linea;`,
  `CREATE PROCEDURE prueba.sp_Salidas @Largo bigint, @Fecha date, @Texto nvarchar(20) = N'omiso', @Guid uniqueidentifier = NULL,
     @Largo_Out bigint OUTPUT, @Fecha_Out date OUTPUT, @Texto_Out nvarchar(20) OUTPUT, @Guid_Out uniqueidentifier OUTPUT AS
     SET NOCOUNT, XACT_ABORT ON;
     SELECT @Largo_Out = @Largo, @Fecha_Out = @Fecha, @Texto_Out = @Texto, @Guid_Out = @Guid;`,
  `CREATE PROCEDURE prueba.sp_Falla @Numero int AS
     SET NOCOUNT, XACT_ABORT ON;
     THROW @Numero, N'fallo pedido', 1;`,
  `CREATE PROCEDURE prueba.sp_Tercera AS
     SET NOCOUNT, XACT_ABORT ON;
     DECLARE @n bigint;
     SET @n = NEXT VALUE FOR prueba.Seq_Llamadas;
     IF @n % 3 <> 0 THROW 50408, N'bloqueo no concedido', 1;
     SELECT CAST(@n AS int) AS Llamada;`,
];

const postgres = [
  'CREATE SCHEMA prueba',
  `CREATE TABLE prueba.Filas (Linea int NOT NULL PRIMARY KEY, ID_Largo bigint, Fecha date, Instante timestamptz(3),
     Monto numeric(15,4), Marca boolean, Texto varchar(100), Codigo varchar(40))`,
  `CREATE SEQUENCE prueba.Seq_Llamadas`,
  `CREATE FUNCTION prueba.sp_Eco(p_Filas jsonb) RETURNS TABLE (Codigo text, Linea int, ID_Largo bigint, Fecha date,
     Instante timestamptz, Monto numeric, Marca boolean, Texto text) LANGUAGE sql STABLE AS $$
     SELECT f."Codigo", f."Linea", f."ID_Largo", f."Fecha", f."Instante", f."Monto", f."Marca", f."Texto"
     FROM jsonb_to_recordset(p_Filas) AS f("Codigo" text, "Linea" int, "ID_Largo" bigint, "Fecha" date, "Instante" timestamptz,
       "Monto" numeric, "Marca" boolean, "Texto" text) ORDER BY 2 $$`,
  `CREATE FUNCTION prueba.sp_Salidas(p_Largo bigint, p_Fecha date, p_Texto varchar(20) DEFAULT 'omiso', p_Guid uuid DEFAULT NULL,
     OUT Largo_Out bigint, OUT Fecha_Out date, OUT p_Texto_Out varchar, OUT Guid_Out uuid) LANGUAGE plpgsql AS $$
   BEGIN Largo_Out := p_Largo; Fecha_Out := p_Fecha; p_Texto_Out := p_Texto; Guid_Out := p_Guid; END $$`,
  `CREATE FUNCTION prueba.sp_Falla(p_Numero int) RETURNS void LANGUAGE plpgsql AS $$
   BEGIN RAISE EXCEPTION 'fallo pedido' USING ERRCODE = 'UC' || (p_Numero - 50000); END $$`,
  `CREATE FUNCTION prueba.sp_Tercera() RETURNS TABLE (Llamada int) LANGUAGE plpgsql AS $$
   BEGIN
     Llamada := nextval('prueba.Seq_Llamadas');
     IF Llamada % 3 <> 0 THEN RAISE EXCEPTION 'bloqueo no concedido' USING ERRCODE = 'UC408'; END IF;
     RETURN NEXT;
   END $$`,
  `CREATE FUNCTION prueba.sp_Lenta() RETURNS void LANGUAGE sql AS $$ SELECT pg_sleep(60) $$`,
];
