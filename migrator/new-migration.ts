import { closeSync, existsSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { UsageError } from '../engine/index.js';
import type { Dialect } from '../engine/index.js';
import { onlineMark } from './online-index.js';
import { padded } from './plan.js';
import { shownPath } from './sql-file.js';

const dialects: readonly Dialect[] = ['sqlserver', 'postgres'];
const parts = ['up', 'down', 'verify'] as const;
const script = /^(\d{3,6})_.*\.sql$/;

/**
 * Writes the three scripts of a new migration for both dialects, from a template, below a folder.
 * @param folder holds `sqlserver/` and `postgres/`, which are made where they are missing
 * @param others folders whose numbers are taken as well
 * @returns the paths, as messages show them
 * @throws UsageError on a name that no file may have, a number that is taken, a folder that holds scripts of one dialect
 */
export function writeNewMigration(
  folder: string,
  name: string,
  options: { readonly number?: number | undefined; readonly others?: readonly string[] } = {},
): string[] {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    throw new UsageError(
      `${name}: a migration's name has letters, digits, _ and - only, and begins with a letter`,
    );
  }
  const target = resolve(folder);
  if (numbersIn(target).size > 0) {
    throw new UsageError(
      `${shownPath(target)} holds scripts of one dialect: move them into sqlserver/ or postgres/ below it first`,
    );
  }
  const taken = new Map(
    [target, ...(options.others ?? []).map((other) => resolve(other))].flatMap((room) =>
      [room, ...dialects.map((dialect) => join(room, dialect))].flatMap((one) => [...numbersIn(one)]),
    ),
  );
  const number = options.number ?? Math.max(0, ...taken.keys()) + 1;
  const other = taken.get(number);
  if (other !== undefined) throw new UsageError(`the number ${padded(number)} is taken: ${shownPath(other)}`);
  if (!Number.isInteger(number) || number < 1 || number > 999_999) {
    throw new UsageError(`${number}: a migration's number is from 1 to 999999`);
  }
  const written: string[] = [];
  for (const dialect of dialects) {
    mkdirSync(join(target, dialect), { recursive: true });
    for (const part of parts) {
      const path = join(target, dialect, `${padded(number)}_${name}.${part}.sql`);
      write(path, templates[dialect][part](`${padded(number)}_${name}`));
      written.push(shownPath(path));
    }
  }
  return written;
}

/** Numbers that are taken in a folder, with a file that has each. */
function numbersIn(folder: string): Map<number, string> {
  const found = new Map<number, string>();
  if (!existsSync(folder)) return found;
  for (const file of readdirSync(folder).sort()) {
    const number = script.exec(file)?.[1];
    if (number !== undefined) found.set(Number(number), join(folder, file));
  }
  return found;
}

function write(path: string, text: string): void {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    const there = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UsageError(
      `cannot write ${shownPath(path)}: ${there ? 'it is there already' : (error as Error).message}`,
    );
  }
  writeSync(file, text);
  closeSync(file);
}

type Template = (title: string) => string;

const outside = `  Lo que no puede correr en una transaccion va solo en su migracion, con esta linea en el guion:
  "carril: sin transaccion", tras dos guiones. Entonces cada sentencia queda hecha por si misma.`;

/** Copied into a script of its own by whoever needs it. */
const onlineIndex: Readonly<Record<Dialect, string>> = {
  sqlserver: `-- Un indice sobre una tabla que esta en uso: en un guion sin transaccion, uno por lote, con la marca del final. Donde la
-- edicion lo permite (Enterprise, Developer, Azure) carril pone WITH (ONLINE = ON) en su lugar; en las demas se crea igual.
-- CREATE NONCLUSTERED INDEX IX_Tabla_Columna ON esquema.Tabla (Columna) ${onlineMark};
`,
  postgres: `-- Un indice sobre una tabla que esta en uso: en un guion sin transaccion, con SET ROLE y CONCURRENTLY.
-- CREATE INDEX CONCURRENTLY IX_Tabla_Columna ON esquema.Tabla (Columna);
`,
};

const templates: Readonly<Record<Dialect, Readonly<Record<(typeof parts)[number], Template>>>> = {
  sqlserver: {
    up: (title) => `/*
  ${title}: que cambia, y por que.
${outside}
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
${onlineIndex.sqlserver}`,
    down: (title) => `-- Deshace ${title}: exactamente lo que hizo su up, con las filas que haya.
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
`,
    verify: (
      title,
    ) => `-- Comprueba, sin escribir nada, que esta todo lo que crea ${title}; si no, 50422 con lo que falta.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

-- INSERT INTO @falta (Que) SELECT N'tabla esquema.Tabla' WHERE OBJECT_ID(N'esquema.Tabla', N'U') IS NULL;

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'${title}: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
`,
  },
  postgres: {
    up: (title) => `/*
  ${title}: que cambia, y por que.
${outside}
  SET LOCAL ROLE no vale alli: SET ROLE.
*/
SET LOCAL ROLE carril_dueno;
${onlineIndex.postgres}`,
    down: (title) => `-- Deshace ${title}: exactamente lo que hizo su up, con las filas que haya.
SET LOCAL ROLE carril_dueno;
`,
    verify: (
      title,
    ) => `-- Comprueba, sin escribir nada, que esta todo lo que crea ${title}; si no, UC422 con lo que falta.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT 'tabla ' || e.nombre
    FROM (VALUES ('pg_catalog.pg_class')) AS e (nombre)
    WHERE to_regclass(e.nombre) IS NULL
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '${title}: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
`,
  },
};
