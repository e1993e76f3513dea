import { UsageError } from '../engine/index.js';
import { backupOf, backupSql } from './backup.js';
import { grantsBody } from './grants-script.js';
import type { GrantFiles } from './grants.js';
import { journalDdl, journalSchema, journalVersion } from './journal-schema.js';
import type { Migration } from './migration-files.js';
import { padded } from './plan.js';
import { keyOf } from './procedure-files.js';
import type { ProcedureFile } from './procedure-files.js';
import { batchesOf } from './script.js';
import { lockResource } from './session-lock.js';
import { splitBatches } from './splitter.js';
import type { SqlFile } from './sql-file.js';
import { guarded, sqlserverHelpers } from './sql-script-sqlserver-helpers.js';
import type { SqlScriptPlan } from './sql-script-plan.js';
import { executed } from './sql-script-batch.js';
import { nText } from './sql-text.js';

/**
 * The script for SSMS and sqlcmd. Each of its batches is a whole step: a transaction with the texts of one file, run by
 * sp_executesql from constants, and their journal row.
 *
 * Not the texts themselves between GO: a batch that does not compile does not run its own guard either, CREATE PROCEDURE
 * lets no guard stand before it, SET NOEXEC ON says nothing of whether the batch before succeeded, and a transaction over
 * several batches could lose its beginning. As a text, what does not compile is an error that TRY catches like any other.
 *
 * Steps are counted in SESSION_CONTEXT after their COMMIT, never before: it survives a rollback.
 */
export function* sqlserverScript(plan: SqlScriptPlan): Iterable<string> {
  // without it, SSMS and sqlcmd read the file in the machine's code page
  yield '\uFEFF';
  yield header(plan);
  yield sqlserverHelpers;
  yield lock();
  yield* journal();
  yield* checks(plan);
  let step = 3;
  const next = (): number => (step += 1);
  if (plan.direction === 'up') {
    for (const { migration, outOfOrder } of plan.steps) yield* up(next(), migration, outOfOrder, plan);
    yield* dropped(next(), plan);
    for (const file of plan.procedures) yield* procedure(next(), file, plan);
    if (plan.grants !== undefined) yield permissions(next(), plan.grants);
  } else {
    for (const { migration } of plan.steps) yield* down(next(), migration, plan);
  }
  yield footer(plan, step);
}

function header({ direction, from, to, version, steps }: SqlScriptPlan): string {
  const what = steps.map(({ migration }) => migration.name);
  return `/*
  carril ${version}, SQL Server: de ${padded(from)} a ${padded(to)}.
  ${what.length === 0 ? 'Ninguna migracion' : `${direction === 'up' ? 'Aplica' : 'Revierte'} ${what.join(', ')}`}${direction === 'up' ? ', y los procedimientos de ese nivel' : ', con los procedimientos que las necesitan'}.

  Para SSMS, o:  sqlcmd -b -I -S SERVIDOR -d BASE -i ESTE_ARCHIVO    (-b: termina con 1 si falla)
  Toma el bloqueo de carril, se niega si el diario no esta exactamente en ${padded(from)}, corre cada migracion en su transaccion junto
  con su fila del diario, y se detiene en el primer error: lo terminado queda, lo demas no ocurrio. SSMS sigue con los lotes
  siguientes, pero cada uno mira antes si el anterior termino, y si no, no hace nada. El bloqueo se suelta al final, tras un
  error o con la sesion. Para seguir, se genera otro script desde el nivel alcanzado.
*/
SET NOCOUNT, XACT_ABORT, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON;
SET NUMERIC_ROUNDABORT, IMPLICIT_TRANSACTIONS OFF;
GO
`;
}

function lock(): string {
  return guarded(
    0,
    `    DECLARE @codigo int, @quien nvarchar(1000) = N'';
    SET @archivo = N'bloqueo';
    IF DB_NAME() IN (N'master', N'model', N'msdb', N'tempdb')
      THROW 50409, N'esta es una base del sistema: elija la suya (USE); no se hizo nada', 1;
    -- el mismo bloqueo que toma carril; no espera
    IF APPLOCK_MODE(N'public', ${nText(lockResource)}, N'Session') <> N'Exclusive'
    BEGIN
      EXEC @codigo = sys.sp_getapplock
        @Resource = ${nText(lockResource)}, @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = 0;
      IF @codigo IN (-1, -3)
      BEGIN
        IF OBJECT_ID(N'${journalSchema}.Bloqueo', N'U') IS NOT NULL
          SELECT TOP (1) @quien = CONCAT(N' (', b.poseedor, N'@', b.host, N', proceso ', b.pid, N', desde ', b.desde, N')')
          FROM ${journalSchema}.Bloqueo AS b ORDER BY b.desde DESC;
        SET @quien = CONCAT(N'otro migrador trabaja en esta base', @quien,
          N': espere a que termine y corra el script de nuevo; no se hizo nada');
        THROW 50408, @quien, 1;
      END;
      IF @codigo = -2
        THROW 50499, N'el servidor cancelo la toma del bloqueo del migrador', 1;
      IF @codigo < 0 OR @codigo IS NULL
        THROW 50400, N'sp_getapplock no dio el bloqueo del migrador', 1;
    END;
`,
    { first: true },
  );
}

function* journal(): Iterable<string> {
  let body = `    SET @archivo = N'diario';
    -- las tablas del diario, donde faltan, como las crea carril
    BEGIN TRANSACTION;
    IF SCHEMA_ID(N'${journalSchema}') IS NULL
      EXEC (N'CREATE SCHEMA ${journalSchema}');
`;
  for (const { table, statements } of journalDdl('sqlserver')) {
    body += `    IF OBJECT_ID(N'${journalSchema}.${table}', N'U') IS NULL\n    BEGIN\n`;
    for (const statement of statements) body += `      ${statement};\n`;
    if (table === 'Base') {
      body += `      INSERT INTO ${journalSchema}.Base (clave, valor, cambiado_en) VALUES (N'diario', N'${journalVersion}', SYSUTCDATETIME());\n`;
    }
    body += '    END;\n';
  }
  yield guarded(1, `${body}    COMMIT TRANSACTION;\n`);
}

function* checks({
  direction,
  expected,
  steps,
  procedures,
  order,
  from,
  version,
}: SqlScriptPlan): Iterable<string> {
  let body = `    SET @archivo = N'diario';
    DECLARE @mal nvarchar(max), @mensaje nvarchar(2048);
    DECLARE @esperadas TABLE (
      numero int NOT NULL PRIMARY KEY, nombre nvarchar(200) NOT NULL, checksum char(64) NOT NULL, checksum_down char(64) NOT NULL,
      checksum_verify char(64) NOT NULL);
    -- el diario debe decir exactamente esto, con estas sumas de los tres archivos de cada migracion
`;
  for (const { number, name, up, down, verify } of expected) {
    body += `    INSERT INTO @esperadas VALUES (${number}, ${nText(name)},\n      '${up.checksum}', '${down.checksum}', '${verify.checksum}');\n`;
  }
  body += `    IF EXISTS (SELECT 1 FROM ${journalSchema}.Base AS b WHERE b.clave = N'diario' AND TRY_CONVERT(int, b.valor) > ${journalVersion})
      THROW 50409, N'un carril mas nuevo migro esta base: genere el script con ese', 1;
    SELECT @mal = STRING_AGG(
      CONVERT(nvarchar(max), CASE
        WHEN d.numero IS NULL THEN CONCAT(N'falta ', e.nombre)
        WHEN e.numero IS NULL THEN CONCAT(d.nombre, N' ya esta aplicada')
        WHEN d.nombre <> e.nombre THEN CONCAT(d.nombre, N' se llama aqui ', e.nombre)
        ELSE CONCAT(N'los archivos de ', e.nombre, N' no son los que se aplicaron')
      END), N'; ') WITHIN GROUP (ORDER BY COALESCE(e.numero, d.numero))
    FROM @esperadas AS e
    FULL JOIN ${journalSchema}.Migraciones AS d ON d.numero = e.numero
    WHERE d.numero IS NULL OR e.numero IS NULL OR d.nombre <> e.nombre OR d.checksum <> e.checksum
      OR d.checksum_down <> e.checksum_down OR d.checksum_verify <> e.checksum_verify;
    IF @mal IS NOT NULL
    BEGIN
      SET @mensaje = LEFT(CONCAT(N'el diario de esta base no esta como este script lo espera, en ${padded(from)}: ', @mal), 2048);
      THROW 50409, @mensaje, 1;
    END;
    SELECT @mal = STRING_AGG(CONVERT(nvarchar(max), p.numero), N', ') WITHIN GROUP (ORDER BY p.numero)
    FROM (SELECT DISTINCT x.numero FROM ${journalSchema}.Pasos AS x) AS p;
    IF @mal IS NOT NULL
    BEGIN
      SET @mensaje = LEFT(CONCAT(@mal, N' corre fuera de una transaccion y esta a medias: siga con carril migrate'), 2048);
      THROW 50409, @mensaje, 1;
    END;
    -- se quitan al reves de como se crean
    DELETE FROM #carril_orden;
`;
  for (const [place, name] of order.entries()) {
    const kept = procedures.some((file) => file.name === name) ? 1 : 0;
    body += `    INSERT INTO #carril_orden (nombre, lugar, queda) VALUES (${nText(keyOf(name))}, ${place}, ${kept});\n`;
  }
  if (direction === 'up') {
    body += `    SELECT @mal = STRING_AGG(CONVERT(nvarchar(max), o.nombre), N', ') WITHIN GROUP (ORDER BY o.lugar)
    FROM #carril_orden AS o
    WHERE o.queda = 1 AND OBJECT_ID(o.nombre) IS NOT NULL
      AND NOT EXISTS (
        SELECT 1 FROM ${journalSchema}.Procedimientos AS p WHERE LOWER(p.nombre) = o.nombre COLLATE DATABASE_DEFAULT);
    IF @mal IS NOT NULL
    BEGIN
      SET @mensaje = LEFT(CONCAT(N'ya existen y no los puso carril: ', @mal,
        N'. carril migrate up pregunta que hacer con ellos; un script no los reemplaza'), 2048);
      THROW 50409, @mensaje, 1;
    END;
`;
  } else if (steps.length > 0) {
    body += `    SELECT @mal = STRING_AGG(CONVERT(nvarchar(max), m.nombre), N', ') WITHIN GROUP (ORDER BY m.numero)
    FROM ${journalSchema}.Migraciones AS m
    WHERE m.estado = 'BASE' AND m.numero IN (${steps.map(({ migration }) => migration.number).join(', ')});
    IF @mal IS NOT NULL
    BEGIN
      SET @mensaje = LEFT(CONCAT(@mal, N': estaban antes de carril, no se revierten'), 2048);
      THROW 50409, @mensaje, 1;
    END;
`;
  }
  body += `    BEGIN TRANSACTION;
    DELETE FROM ${journalSchema}.Bloqueo;
    INSERT INTO ${journalSchema}.Bloqueo (ficha, poseedor, host, pid, sesion, desde, version)
    VALUES (LOWER(CONVERT(char(36), NEWID())), LEFT(SUSER_SNAME(), 200), COALESCE(LEFT(HOST_NAME(), 200), N''), 0, @@SPID,
      SYSUTCDATETIME(), ${nText(version)});
    COMMIT TRANSACTION;
`;
  yield guarded(2, body);
}

function* up(step: number, migration: Migration, outOfOrder: boolean, plan: SqlScriptPlan): Iterable<string> {
  const { number, name, up, down, verify } = migration;
  yield guarded(
    step - 1,
    `    SET @archivo = ${nText(`${name}.up.sql`)};
    BEGIN TRANSACTION;
${backup(migration, 'up', plan)}${texts(up)}${stillOne}    INSERT INTO ${journalSchema}.Migraciones (
      numero, nombre, checksum, checksum_down, checksum_verify, estado, fuera_de_orden, aplicada_en, duracion_ms, usuario,
      login, equipo, version)
    VALUES (
      ${number}, ${nText(name)},
      '${up.checksum}', '${down.checksum}', '${verify.checksum}',
      N'APLICADA', ${outOfOrder ? 1 : 0}, SYSUTCDATETIME(), DATEDIFF(MILLISECOND, @inicio, SYSUTCDATETIME()), LEFT(SUSER_SNAME(), 200),
      ORIGINAL_LOGIN(), COALESCE(LEFT(HOST_NAME(), 200), N''), ${nText(plan.version)});
    EXEC #carril_anotar @suceso = N'APLICADA', @clase = N'MIGRACION', @numero = ${number}, @nombre = ${nText(name)},
      @checksum = '${up.checksum}', @inicio = @inicio, @version = ${nText(plan.version)};
    COMMIT TRANSACTION;
    PRINT ${nText(name)};
`,
  );
}

function* down(step: number, migration: Migration, plan: SqlScriptPlan): Iterable<string> {
  const { number, name, down } = migration;
  yield guarded(
    step - 1,
    `    SET @archivo = ${nText(`${name}.down.sql`)};
    BEGIN TRANSACTION;
${backup(migration, 'down', plan)}    EXEC #carril_quitar @desde = ${number}, @version = ${nText(plan.version)};
${texts(down)}${stillOne}    DELETE FROM ${journalSchema}.Migraciones WHERE numero = ${number};
    EXEC #carril_anotar @suceso = N'REVERTIDA', @clase = N'MIGRACION', @numero = ${number}, @nombre = ${nText(name)},
      @checksum = '${down.checksum}', @inicio = @inicio, @version = ${nText(plan.version)};
    COMMIT TRANSACTION;
    PRINT ${nText(`${name} (revertida)`)};
`,
  );
}

function backup(migration: Migration, part: 'up' | 'down', { version }: SqlScriptPlan): string {
  const request = backupOf(migration[part], { name: migration.name, part }, { version });
  return request === undefined
    ? ''
    : `    EXEC sys.sp_executesql ${nText(backupSql('sqlserver', request))};\n`;
}

function* dropped(step: number, plan: SqlScriptPlan): Iterable<string> {
  yield guarded(
    step - 1,
    `    SET @archivo = N'procedimientos que ya no hay';
    BEGIN TRANSACTION;
    EXEC #carril_quitar @desde = NULL, @version = ${nText(plan.version)};
    COMMIT TRANSACTION;
`,
  );
}

function* procedure(
  step: number,
  { name, since, file }: ProcedureFile,
  plan: SqlScriptPlan,
): Iterable<string> {
  const journaled = `LOWER(nombre) = ${nText(keyOf(name))}`;
  yield guarded(
    step - 1,
    `    SET @archivo = ${nText(`${name.replace('.', '/')}.sql`)};
    IF NOT EXISTS (
      SELECT 1 FROM ${journalSchema}.Procedimientos WHERE ${journaled} AND checksum = '${file.checksum}')
    BEGIN
      BEGIN TRANSACTION;
      EXEC #carril_previo @nombre = ${nText(name)}, @accion = N'ADOPTADA';
${texts(file)}${stillOne}      DELETE FROM ${journalSchema}.Procedimientos WHERE ${journaled};
      INSERT INTO ${journalSchema}.Procedimientos (
        nombre, checksum, desde, aplicado_en, duracion_ms, usuario, login, equipo, version)
      VALUES (
        ${nText(name)}, '${file.checksum}', ${since}, SYSUTCDATETIME(), DATEDIFF(MILLISECOND, @inicio, SYSUTCDATETIME()),
        LEFT(SUSER_SNAME(), 200), ORIGINAL_LOGIN(), COALESCE(LEFT(HOST_NAME(), 200), N''), ${nText(plan.version)});
      EXEC #carril_anotar @suceso = N'APLICADA', @clase = N'PROCEDIMIENTO', @numero = ${since}, @nombre = ${nText(name)},
      @checksum = '${file.checksum}', @inicio = @inicio, @version = ${nText(plan.version)};
      COMMIT TRANSACTION;
      PRINT ${nText(name)};
    END;
`,
  );
}

/** Last, as `up` does it; what was adopted keeps the permissions that it had. */
function permissions(step: number, files: GrantFiles): string {
  const adopted = (object: string): string =>
    `EXISTS (SELECT 1 FROM ${journalSchema}.Objetos_Previos AS o WHERE LOWER(o.nombre) = ${nText(object.toLowerCase())} AND o.cerrado_en IS NULL AND o.accion = N'ADOPTADA')`;
  const texts = splitBatches(grantsBody('sqlserver', files, adopted)).map((batch) => executed(batch));
  return guarded(step - 1, `    SET @archivo = N'permisos';\n${texts.join('')}    PRINT N'permisos';\n`);
}

const stillOne = `    IF @@TRANCOUNT <> 1
      THROW 50409, N'el script termino la transaccion en que corria (COMMIT o ROLLBACK): lo que hizo antes puede haber quedado', 1;
`;

function texts(file: SqlFile): string {
  const batches = batchesOf(file, 'sqlserver');
  const shared = batches
    .flatMap(({ text }, i) =>
      batches
        .slice(i + 1)
        .flatMap((later) => tempTables(text).filter((one) => tempTables(later.text).includes(one))),
    )
    .at(0);
  if (shared !== undefined) {
    throw new UsageError(
      `${file.shown} uses ${shared} in several of its batches, and in a script each batch has temporary tables of its own: ` +
        'put them into one batch, or run it with carril migrate',
    );
  }
  const off = batches.find(({ text }) => /^\s*SET\b[^;]*\bOFF\s*;?\s*$/i.test(text));
  if (off !== undefined) {
    throw new UsageError(
      `${file.shown}:${off.line}: a setting for the batches that follow does not hold in a script: ` +
        'write it into the batch that needs it, or run it with carril migrate',
    );
  }
  return batches.map((batch) => executed(batch)).join('');
}

function tempTables(text: string): string[] {
  return (text.match(/(?<![\w#])##?\w+/g) ?? []).map((name) => name.toLowerCase());
}

function footer({ to }: SqlScriptPlan, last: number): string {
  return `-- el bloqueo se suelta, haya ido como haya ido
IF CONVERT(int, SESSION_CONTEXT(N'carril.paso')) = ${last}
BEGIN
  EXEC #carril_soltar;
  PRINT N'la base esta en ${padded(to)}';
END
ELSE
BEGIN
  EXEC #carril_soltar;
  RAISERROR (N'el script no llego al final: el primer error dice por que. Lo terminado queda; lo demas no ocurrio.', 16, 1);
END;
GO
`;
}
