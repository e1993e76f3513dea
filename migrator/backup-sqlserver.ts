import { journalSchema } from './journal-schema.js';
import type { BackupRequest } from './backup-request.js';
import { nText } from './sql-text.js';

const slices = [1, 9, 17, 25]
  .map((at) => `COALESCE(SUM(CONVERT(decimal(38, 0), CONVERT(bigint, SUBSTRING(x.h, ${at}, 8)))), 0)`)
  .join(", '':'', ");

/**
 * An expression over columns `c` and their places, for STRING_AGG: the columns of a row `r` under short names. FOR JSON writes every type
 * without loss but float, whose shortest form loses bits.
 */
const jsonColumn = `CONVERT(nvarchar(max), CONCAT(
        CASE WHEN TYPE_NAME(c.system_type_id) IN (N'float', N'real')
          THEN CONCAT(N'CONVERT(varchar(60), r.', QUOTENAME(c.name), N', 3)') ELSE CONCAT(N'r.', QUOTENAME(c.name)) END,
        N' AS c', c.lugar))`;

/** What a restore writes, and what a checksum is of: neither computed columns nor rowversion, which the server writes. */
export const sqlserverWritten = `c.is_computed = 0 AND TYPE_NAME(c.system_type_id) <> N'timestamp'`;

/**
 * T-SQL that sets `@filas` and `@suma` of the table named by `@de` (already quoted), whose columns are those of `@objeto`.
 * Four sums of a row's SHA-256 cut in four: in no order, and a row that is there twice counts twice.
 */
export const sqlserverChecksum = (
  hint: string,
) => `SELECT @lista = STRING_AGG(${jsonColumn}, N', ') WITHIN GROUP (ORDER BY c.lugar)
    FROM (
      SELECT c.name, c.system_type_id, ROW_NUMBER() OVER (ORDER BY c.column_id) AS lugar
      FROM sys.columns AS c
      WHERE c.object_id = @objeto AND ${sqlserverWritten}
    ) AS c;
    SET @sql = CONCAT(N'SELECT @filas = COUNT_BIG(*), @suma = CONCAT(${slices})
      FROM ', @de, N' AS r${hint}
      CROSS APPLY (SELECT HASHBYTES(''SHA2_256'', CONVERT(nvarchar(max),
        (SELECT ', @lista, N' FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER))) AS h) AS x;');
    EXEC sys.sp_executesql @sql, N'@filas bigint OUTPUT, @suma nvarchar(200) OUTPUT', @filas OUTPUT, @suma OUTPUT;`;

/**
 * Copies tables and writes their rows of carril.Respaldos, in the caller's transaction. The tables are locked to its end, so
 * that what follows meets the rows that were copied. One SELECT INTO each, not batches of 2,000 rows: those are for rows
 * that are written beside lanes, while this copy is nobody else's and its table is locked whole anyway.
 */
export function sqlserverBackup(request: BackupRequest): string {
  const { name, tables, reason, user, host, version, destructive } = request;
  return `DECLARE
  @pedida nvarchar(256), @objeto int, @completo nvarchar(256), @de nvarchar(520), @copia sysname, @lista nvarchar(max),
  @columnas nvarchar(max), @sql nvarchar(max), @filas bigint, @suma nvarchar(200), @filas_tabla bigint,
  @suma_tabla nvarchar(200), @mensaje nvarchar(2048), @i int = 1, @nombre nvarchar(100) = ${nText(name)};
${
  request.exactName
    ? ''
    : `WHILE EXISTS (SELECT 1 FROM ${journalSchema}.Respaldos AS r WHERE r.nombre = @nombre)
BEGIN
  SET @i += 1;
  SET @nombre = CONCAT(${nText(name)}, N'-', @i);
END;
`
}DECLARE pedidas CURSOR LOCAL STATIC READ_ONLY FORWARD_ONLY FOR
  SELECT v.tabla FROM (VALUES ${tables.map((table, i) => `(${i}, ${nText(table)})`).join(', ')}) AS v (orden, tabla) ORDER BY v.orden;
OPEN pedidas;
FETCH NEXT FROM pedidas INTO @pedida;
WHILE @@FETCH_STATUS = 0
BEGIN
  SET @objeto = OBJECT_ID(@pedida, N'U');
  IF @objeto IS NULL
  BEGIN
    SET @mensaje = CONCAT(N'no hay una tabla ', @pedida, N' que respaldar');
    THROW 50404, @mensaje, 1;
  END;
  SET @completo = CONCAT(OBJECT_SCHEMA_NAME(@objeto), N'.', OBJECT_NAME(@objeto));
  SET @de = CONCAT(QUOTENAME(OBJECT_SCHEMA_NAME(@objeto)), N'.', QUOTENAME(OBJECT_NAME(@objeto)));
    ${sqlserverChecksum(destructive ? ' WITH (TABLOCKX, HOLDLOCK)' : ' WITH (TABLOCK, HOLDLOCK)')}
  ${destructive ? '-- de una tabla vacia no se pierde nada\n  IF @filas > 0\n' : ''}  BEGIN
    SELECT @filas_tabla = @filas, @suma_tabla = @suma;
    SELECT @copia = LEFT(CONCAT(N'Respaldo_',
      COALESCE(MAX(TRY_CONVERT(int, SUBSTRING(r.copia, 10, CHARINDEX(N'_', CONCAT(r.copia, N'_'), 10) - 10))), 0) + 1,
      N'_', REPLACE(@completo, N'.', N'_')), 128)
    FROM ${journalSchema}.Respaldos AS r;
    SET @columnas = (${sqlserverColumns});
    SET @sql = CONCAT(N'SELECT r.* INTO ${journalSchema}.', QUOTENAME(@copia), N' FROM ', @de, N' AS r;');
    EXEC sys.sp_executesql @sql;
    SET @de = CONCAT(N'${journalSchema}.', QUOTENAME(@copia));
    ${sqlserverChecksum('')}
    IF @filas <> @filas_tabla OR @suma <> @suma_tabla
    BEGIN
      SET @mensaje = CONCAT(N'la copia de ', @completo, N' no es igual: ', @filas_tabla, N' filas, suma ', @suma_tabla,
        N'; la copia ', @filas, N' filas, suma ', @suma);
      THROW 50422, @mensaje, 1;
    END;
    INSERT INTO ${journalSchema}.Respaldos (
      nombre, tabla, copia, filas, suma, columnas, motivo, creado_en, usuario, login, equipo, version)
    VALUES (
      @nombre, @completo, @copia, @filas, @suma, @columnas, ${nText(reason)}, SYSUTCDATETIME(),
      ${user === undefined ? 'LEFT(SUSER_SNAME(), 200)' : nText(user)}, ORIGINAL_LOGIN(), ${host === undefined ? "COALESCE(LEFT(HOST_NAME(), 200), N'')" : nText(host)}, ${nText(version)});
  END;
  FETCH NEXT FROM pedidas INTO @pedida;
END;
CLOSE pedidas;
DEALLOCATE pedidas;`;
}

/** The columns of `@objeto` as JSON, for the journal and to be compared with it. */
export const sqlserverColumns = `SELECT c.name AS nombre, CONCAT(TYPE_NAME(c.user_type_id), N' ', c.max_length, N' ', c.precision, N' ', c.scale) AS tipo
      FROM sys.columns AS c WHERE c.object_id = @objeto ORDER BY c.column_id FOR JSON PATH`;
