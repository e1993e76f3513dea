import type { Session } from '../engine/index.js';
import type { Grant, GrantKind } from './grants-declared.js';

/** A grant that the database has, on one thing. */
export interface LiveGrant extends Grant {
  /** What a statement calls the object: quoted, with a function's arguments. */
  readonly identity: string;
  /** Whether the role may pass it on. */
  readonly grantable: boolean;
}

export interface LiveGrants {
  readonly grants: readonly LiveGrant[];
  /** What is forbidden, whoever grants it; PostgreSQL has no DENY. */
  readonly denials: readonly LiveGrant[];
  /** What there is, by `kind name` in lower case: several functions may share a name. */
  readonly identities: ReadonlyMap<string, readonly string[]>;
  /** In lower case. */
  readonly roles: ReadonlySet<string>;
}

/** Every explicit grant but an owner's own, and what could be granted on. */
export async function readLiveGrants(session: Session): Promise<LiveGrants> {
  const { things, grants, roles } = session.dialect === 'postgres' ? postgres : sqlserver;
  const live: LiveGrant[] = [];
  const denials: LiveGrant[] = [];
  for (const row of await session.query(grants)) {
    (row['denied'] === true ? denials : live).push({
      kind: String(row['kind']) as GrantKind,
      object: String(row['name']),
      identity: String(row['identidad']),
      privilege: String(row['privilege']),
      role: String(row['grantee']),
      grantable: row['grantable'] === true,
    });
  }
  const identities = new Map<string, string[]>();
  for (const { kind, name, identidad } of await session.query(things)) {
    const key = `${String(kind)} ${String(name)}`.toLowerCase();
    identities.set(key, [...(identities.get(key) ?? []), String(identidad)]);
  }
  return {
    identities,
    grants: live,
    denials,
    roles: new Set((await session.query(roles)).map(({ name }) => String(name).toLowerCase())),
  };
}

const own = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;
const relations = `pg_catalog.pg_class AS c INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${own}`;
const functions = `pg_catalog.pg_proc AS p INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace AND ${own}`;
const relation = `n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS identidad`;
const routine = `n.nspname || '.' || p.proname AS name,
    format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS identidad`;
const grantee = `CASE g.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END::text AS grantee,
    g.is_grantable AS grantable`;

const postgres = {
  things: `SELECT 'schema' AS kind, n.nspname::text AS name, quote_ident(n.nspname) AS identidad
    FROM pg_catalog.pg_namespace AS n WHERE ${own}
    UNION ALL SELECT 'object', ${relation} FROM ${relations}
    UNION ALL SELECT 'function', ${routine} FROM ${functions}
    UNION ALL SELECT 'role', r.rolname, quote_ident(r.rolname) FROM pg_catalog.pg_roles AS r WHERE r.rolname LIKE 'carril\\_%'`,
  grants: `SELECT 'schema' AS kind, n.nspname::text AS name, quote_ident(n.nspname) AS identidad, g.privilege_type AS privilege, ${grantee}
    FROM pg_catalog.pg_namespace AS n, aclexplode(n.nspacl) AS g WHERE ${own} AND g.grantee <> n.nspowner
    UNION ALL SELECT 'object', ${relation}, g.privilege_type, ${grantee}
    FROM ${relations}, aclexplode(c.relacl) AS g WHERE g.grantee <> c.relowner
    UNION ALL SELECT 'object', ${relation}, format('%s (%I)', g.privilege_type, a.attname), ${grantee}
    FROM ${relations} INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped, aclexplode(a.attacl) AS g
    WHERE g.grantee <> c.relowner
    UNION ALL SELECT 'function', ${routine}, g.privilege_type, ${grantee}
    FROM ${functions}, aclexplode(p.proacl) AS g WHERE g.grantee <> p.proowner
    UNION ALL SELECT 'role', pg_get_userbyid(m.roleid)::text, quote_ident(pg_get_userbyid(m.roleid)), 'MEMBER',
      pg_get_userbyid(m.member)::text, false
    FROM pg_catalog.pg_auth_members AS m
    WHERE pg_get_userbyid(m.roleid) LIKE 'carril\\_%' AND pg_get_userbyid(m.member) LIKE 'carril\\_%'`,
  roles: 'SELECT r.rolname::text AS name FROM pg_catalog.pg_roles AS r',
} as const;

const objectName = "CONCAT(SCHEMA_NAME(o.schema_id), N'.', o.name)";
const objectIdentity = "CONCAT(N'OBJECT::', QUOTENAME(SCHEMA_NAME(o.schema_id)), N'.', QUOTENAME(o.name))";
const typeName = objectName.replaceAll('o.', 't.');
const typeIdentity = "CONCAT(N'TYPE::', QUOTENAME(SCHEMA_NAME(t.schema_id)), N'.', QUOTENAME(t.name))";
const state = `CAST(CASE p.state WHEN 'W' THEN 1 ELSE 0 END AS bit) AS grantable,
      CAST(CASE p.state WHEN 'D' THEN 1 ELSE 0 END AS bit) AS denied`;
const what = `p.permission_name COLLATE DATABASE_DEFAULT AS privilege, USER_NAME(p.grantee_principal_id) AS grantee,
      ${state}
    FROM sys.database_permissions AS p`;
const said = "p.state IN ('G', 'W', 'D')";

const sqlserver = {
  things: `SELECT N'database' AS kind, N'' AS name, N'' AS identidad
    UNION ALL SELECT N'schema', s.name, CONCAT(N'SCHEMA::', QUOTENAME(s.name)) FROM sys.schemas AS s WHERE s.schema_id < 16384
    UNION ALL SELECT N'object', ${objectName}, ${objectIdentity} FROM sys.objects AS o
      WHERE o.is_ms_shipped = 0 AND o.type IN ('U', 'V', 'P', 'FN', 'IF', 'TF', 'SO')
    UNION ALL SELECT N'type', ${typeName}, ${typeIdentity} FROM sys.types AS t WHERE t.is_user_defined = 1`,
  grants: `SELECT N'database' AS kind, N'' AS name, N'' AS identidad, ${what}
    WHERE p.class = 0 AND ${said}
    UNION ALL SELECT N'schema', SCHEMA_NAME(p.major_id), CONCAT(N'SCHEMA::', QUOTENAME(SCHEMA_NAME(p.major_id))), ${what}
    WHERE p.class = 3 AND ${said}
    UNION ALL SELECT N'object', ${objectName}, ${objectIdentity},
      CASE WHEN p.minor_id = 0 THEN p.permission_name COLLATE DATABASE_DEFAULT ELSE
        CONCAT(p.permission_name COLLATE DATABASE_DEFAULT, N' (', QUOTENAME(COL_NAME(p.major_id, p.minor_id)), N')') END,
      USER_NAME(p.grantee_principal_id), ${state}
    FROM sys.database_permissions AS p INNER JOIN sys.objects AS o ON o.object_id = p.major_id AND o.is_ms_shipped = 0
    WHERE p.class = 1 AND ${said}
    UNION ALL SELECT N'type', ${typeName}, ${typeIdentity}, ${what} INNER JOIN sys.types AS t ON t.user_type_id = p.major_id
    WHERE p.class = 6 AND ${said}
    UNION ALL SELECT N'role', r.name, QUOTENAME(r.name), N'MEMBER', m.name, CAST(0 AS bit), CAST(0 AS bit)
    FROM sys.database_role_members AS x
    INNER JOIN sys.database_principals AS r ON r.principal_id = x.role_principal_id
    INNER JOIN sys.database_principals AS m ON m.principal_id = x.member_principal_id
    WHERE m.type = 'R'`,
  roles:
    "SELECT r.name AS name FROM sys.database_principals AS r WHERE r.type IN ('R', 'S', 'U', 'G', 'E', 'X')",
} as const;
