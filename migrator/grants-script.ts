import type { Dialect } from '../engine/index.js';
import { declaredGrants } from './grants-declared.js';
import type { Grant } from './grants-declared.js';
import type { GrantFiles } from './grants.js';
import { nText, pgText } from './sql-text.js';

/**
 * One file that says who may do what and gives it, as often as one likes: roles that are missing are made, and grants on
 * what is not there (yet) are passed over. It takes nothing away.
 */
export function grantsScript(dialect: Dialect, files: GrantFiles): string {
  return head + grantsBody(dialect, files);
}

/**
 * The same without its introduction, for a longer script.
 * @param unless a condition under which an object's grants are left alone
 */
export function grantsBody(dialect: Dialect, files: GrantFiles, unless?: (object: string) => string): string {
  const { grants } = declaredGrants(dialect, files.migrations, files.procedures);
  const byRole = new Map<string, Grant[]>();
  for (const grant of grants) byRole.set(grant.role, [...(byRole.get(grant.role) ?? []), grant]);
  const roles = [...byRole.keys()].sort();
  const but: Condition = (object) => (unless === undefined ? '' : ` AND NOT ${unless(object)}`);
  return dialect === 'postgres' ? postgres(roles, byRole, but) : sqlserver(roles, byRole, but);
}

/** What stands behind the question whether an object is there. */
type Condition = (object: string) => string;

const head = `/*
  Quien puede que: los roles y todos los permisos de carril. Lo escribe \`carril codegen\` a partir de los GRANT de migraciones y
  procedimientos; no se edita. Se puede correr cuantas veces se quiera: da lo que falte y no quita nada. \`carril migrate up\`
  hace lo mismo al terminar, y quita ademas lo que ningun archivo concede (\`carril migrate grants\` lo muestra).
*/
`;

/** A GRANT takes away a DENY of the same to the same role, which is a decision of the DBA's. */
const denied = `DECLARE @negado nvarchar(max);
-- un GRANT quita el DENY de lo mismo al mismo rol: lo que el DBA nego vuelve al final, en la misma transaccion
SELECT @negado = STRING_AGG(CONVERT(nvarchar(max), CONCAT(N'DENY ', p.permission_name COLLATE DATABASE_DEFAULT,
  CASE WHEN p.class = 1 AND p.minor_id > 0 THEN CONCAT(N' (', QUOTENAME(COL_NAME(p.major_id, p.minor_id)), N')') END,
  CASE p.class
    WHEN 1 THEN CONCAT(N' ON OBJECT::', QUOTENAME(OBJECT_SCHEMA_NAME(p.major_id)), N'.', QUOTENAME(OBJECT_NAME(p.major_id)))
    WHEN 3 THEN CONCAT(N' ON SCHEMA::', QUOTENAME(SCHEMA_NAME(p.major_id)))
    WHEN 6 THEN (
      SELECT CONCAT(N' ON TYPE::', QUOTENAME(SCHEMA_NAME(t.schema_id)), N'.', QUOTENAME(t.name))
      FROM sys.types AS t WHERE t.user_type_id = p.major_id)
  END, N' TO ', QUOTENAME(USER_NAME(p.grantee_principal_id)))), N'; ')
FROM sys.database_permissions AS p
WHERE p.state = 'D' AND p.class IN (0, 1, 3, 6) AND USER_NAME(p.grantee_principal_id) LIKE N'carril[_]%';
`;

function sqlserver(
  roles: readonly string[],
  byRole: ReadonlyMap<string, readonly Grant[]>,
  but: Condition,
): string {
  const parts = ['SET NOCOUNT, XACT_ABORT ON;\n', denied, 'BEGIN TRANSACTION;\n'];
  for (const role of roles) {
    parts.push(
      `\n-- ${role}\nIF DATABASE_PRINCIPAL_ID(${nText(role)}) IS NULL\n  CREATE ROLE ${role} AUTHORIZATION dbo;\n`,
    );
    for (const grant of sorted(byRole.get(role) ?? [])) parts.push(`${sqlserverLine(grant, but)}\n`);
  }
  parts.push('\nIF @negado IS NOT NULL\n  EXEC sys.sp_executesql @negado;\nCOMMIT TRANSACTION;\n');
  return parts.join('');
}

function sqlserverLine({ privilege, kind, object, role }: Grant, but: Condition): string {
  switch (kind) {
    case 'database':
      return `GRANT ${privilege} TO ${role};`;
    case 'schema':
      return `IF SCHEMA_ID(${nText(object)}) IS NOT NULL GRANT ${privilege} ON SCHEMA::${object} TO ${role};`;
    case 'type':
      return `IF TYPE_ID(${nText(object)}) IS NOT NULL GRANT ${privilege} ON TYPE::${object} TO ${role};`;
    case 'role':
      return `ALTER ROLE ${object} ADD MEMBER ${role};`;
    case 'object':
    case 'function':
      return `IF OBJECT_ID(${nText(object)}) IS NOT NULL${but(object)} GRANT ${privilege} ON OBJECT::${object} TO ${role};`;
  }
}

function postgres(
  roles: readonly string[],
  byRole: ReadonlyMap<string, readonly Grant[]>,
  but: Condition,
): string {
  const parts = ['\n-- los roles son del cluster, y pueden estar ya\nDO $permisos$\nBEGIN\n'];
  for (const role of roles)
    parts.push(`  IF to_regrole(${pgText(role)}) IS NULL THEN CREATE ROLE ${role} NOLOGIN; END IF;\n`);
  parts.push('END\n$permisos$;\n');
  for (const role of roles) {
    parts.push(`\n-- ${role}\nDO $permisos$\nBEGIN\n`);
    for (const grant of sorted(byRole.get(role) ?? [])) parts.push(`  ${postgresLine(grant, but)}\n`);
    parts.push('END\n$permisos$;\n');
  }
  return parts.join('');
}

function postgresLine({ privilege, kind, object, role }: Grant, but: Condition): string {
  switch (kind) {
    case 'schema':
      return `IF to_regnamespace(${pgText(object)}) IS NOT NULL THEN GRANT ${privilege} ON SCHEMA ${object} TO ${role}; END IF;`;
    case 'function':
      return `IF to_regproc(${pgText(object)}) IS NOT NULL${but(object)} THEN GRANT ${privilege} ON FUNCTION ${object} TO ${role}; END IF;`;
    case 'role':
      return `IF NOT pg_has_role(${pgText(role)}, ${pgText(object)}, 'MEMBER') THEN GRANT ${object} TO ${role}; END IF;`;
    case 'object':
    case 'type':
    case 'database':
      return `IF to_regclass(${pgText(object)}) IS NOT NULL${but(object)} THEN GRANT ${privilege} ON ${object} TO ${role}; END IF;`;
  }
}

/** By what it is about, so that one schema stands together. */
function sorted(grants: readonly Grant[]): Grant[] {
  const place = (one: Grant): string =>
    `${one.object.includes('.') ? 1 : 0} ${one.object.toLowerCase()} ${one.privilege}`;
  return [...grants].sort((a, b) => (place(a) < place(b) ? -1 : 1));
}
