/** Who may do what: by the files, in the database, and how the two are made the same. */
import type { Dialect, Engine, Session } from '../engine/index.js';
import { declaredGrants, grantKey } from './grants-declared.js';
import type { DeclaredGrants, Grant } from './grants-declared.js';
import { readLiveGrants } from './grants-live.js';
import type { LiveGrant, LiveGrants } from './grants-live.js';
import { recordEvent } from './history.js';
import { readJournal } from './journal.js';
import type { AppliedMigration, AppliedProcedure, Author } from './journal.js';
import type { Migration } from './migration-files.js';
import { readPrevious } from './previous-objects.js';
import { keyOf } from './procedure-files.js';
import type { ProcedureFile } from './procedure-files.js';
import { prepareTransaction } from './script.js';

/** Of which what nobody declared is taken away; other roles are the site's own business. */
const watched = new Set(['carril_app', 'carril_carga', 'carril_lector', 'carril_dba', 'public']);

/** A grant that was revoked by hand, or given. */
export interface GrantDifference extends Grant {
  readonly state: 'missing' | 'extra';
  /** The statement that puts it right. */
  readonly statement: string;
}

/**
 * A DENY on something that the files grant, or in a schema of theirs. It holds against every grant, and it is a decision of
 * the DBA's that nothing here undoes.
 */
export interface GrantDenial extends Grant {
  /** As it was said. */
  readonly denial: string;
  /** The statement that would take it away. */
  readonly statement: string;
}

export interface GrantReport {
  /** What the files grant of what is there, each with whether the database has it. */
  readonly declared: readonly (Grant & { readonly given: boolean })[];
  readonly differences: readonly GrantDifference[];
  /** SQL Server's only: PostgreSQL has no DENY. */
  readonly denials: readonly GrantDenial[];
}

export interface GrantFiles {
  readonly migrations: readonly Migration[];
  readonly procedures: readonly ProcedureFile[];
}

/** Compares what the files of the journal grant with what the database has; reads only. */
export async function compareGrants(session: Session, files: GrantFiles): Promise<GrantReport> {
  const journal = await readJournal(session);
  const declared = declaredGrants(
    session.dialect,
    appliedOf(files.migrations, journal.migrations),
    appliedProcedures(files.procedures, journal.procedures),
  );
  const live = await readLiveGrants(session);
  const adopted = new Set(
    [...(await readPrevious(session))].filter(([, { action }]) => action === 'adopted').map(([key]) => key),
  );
  return compare(session.dialect, declared, live, adopted);
}

/** What became of a difference; failed: the login may not, and the message is the server's. */
export interface GrantChange extends GrantDifference {
  readonly failed: string | undefined;
}

/** Gives back what is missing and takes away what nobody declared, each in a transaction of its own with its history. */
export async function applyGrants(
  engine: Engine,
  files: GrantFiles,
  author: Author,
  checkpoint: () => Promise<void>,
  lockTimeoutMs?: number,
): Promise<GrantChange[]> {
  const { differences } = await compareGrants(engine, files);
  const changes: GrantChange[] = [];
  for (const one of differences) {
    await checkpoint();
    let failed: string | undefined;
    try {
      await engine.transaction(async (session) => {
        await prepareTransaction(session, lockTimeoutMs);
        if (session.dialect === 'postgres' && one.kind !== 'role')
          await session.batch('SET LOCAL ROLE carril_dueno');
        await session.batch(one.statement);
        if (session.dialect === 'postgres') await session.batch('RESET ROLE');
        await recordEvent(
          session,
          {
            event: one.state === 'missing' ? 'granted' : 'revoked',
            kind: 'grant',
            name: grantText(one).slice(0, 256),
          },
          author,
        );
      });
    } catch (error) {
      failed = (error as Error).message;
    }
    changes.push({ ...one, failed });
  }
  // PostgreSQL only warns of a grant that the login may not give
  const left = new Set(
    (changes.length > 0 ? (await compareGrants(engine, files)).differences : []).map(grantKey),
  );
  return changes.map((one) =>
    one.failed === undefined && left.has(grantKey(one))
      ? {
          ...one,
          failed: `${grantText(one)}: the server took the statement and changed nothing; is the login its grantor?`,
        }
      : one,
  );
}

/** `EXECUTE on logs.sp_X to carril_app`. */
export function grantText({ privilege, kind, object, role }: Grant): string {
  if (kind === 'role') return `membership of ${role} in ${object}`;
  if (kind === 'database') return `${privilege} to ${role}`;
  return `${privilege} on ${kind === 'object' ? '' : `${kind} `}${object} to ${role}`;
}

function appliedOf(files: readonly Migration[], applied: readonly AppliedMigration[]): Migration[] {
  const numbers = new Set(applied.map(({ number }) => number));
  return files.filter(({ number }) => numbers.has(number));
}

function appliedProcedures(
  files: readonly ProcedureFile[],
  applied: readonly AppliedProcedure[],
): ProcedureFile[] {
  const keys = new Set(applied.map(({ name }) => keyOf(name)));
  return files.filter(({ name }) => keys.has(keyOf(name)));
}

function compare(
  dialect: Dialect,
  declared: DeclaredGrants,
  live: LiveGrants,
  adopted: ReadonlySet<string>,
): GrantReport {
  // where it is denied, GRANT would take the DENY away
  const settled = new Set([...live.grants, ...live.denials].map((one) => `${grantKey(one)} ${one.identity}`));
  const wanted = new Set(declared.grants.map(grantKey));
  const known = new Set(declared.grants.map(({ role }) => role.toLowerCase()));
  const report: (Grant & { given: boolean })[] = [];
  const differences: GrantDifference[] = [];
  for (const grant of declared.grants) {
    const identities = live.identities.get(thing(grant)) ?? (grant.kind === 'role' ? [grant.object] : []);
    if (
      identities.length === 0 ||
      adopted.has(keyOf(grant.object)) ||
      !live.roles.has(grant.role.toLowerCase())
    )
      continue;
    const lacking = identities.filter((identity) => !settled.has(`${grantKey(grant)} ${identity}`));
    const denied = live.denials.some((one) => grantKey(one) === grantKey(grant));
    report.push({ ...grant, given: lacking.length === 0 && !denied });
    for (const identity of lacking)
      differences.push({
        ...grant,
        state: 'missing',
        statement: statementOf(dialect, 'GRANT', grant, identity),
      });
  }
  for (const grant of live.grants) {
    if (!isOurs(grant, declared, dialect, known) || adopted.has(keyOf(grant.object))) continue;
    if (!wanted.has(grantKey(grant)))
      differences.push({
        ...plain(grant),
        state: 'extra',
        statement: statementOf(dialect, 'REVOKE', grant, grant.identity),
      });
    else if (grant.grantable) {
      const option = { ...plain(grant), privilege: `GRANT OPTION FOR ${grant.privilege}` };
      differences.push({
        ...option,
        state: 'extra',
        statement: statementOf(dialect, 'REVOKE', option, grant.identity),
      });
    }
  }
  const denials = live.denials
    // what nobody may in the whole database, none of our roles may either
    .filter(
      (one) =>
        isOurs(one, declared, dialect, known) ||
        (one.kind === 'database' && one.role.toLowerCase() === 'public'),
    )
    .map((one) => ({
      ...plain(one),
      denial: statementOf(dialect, 'DENY', one, one.identity),
      statement: statementOf(dialect, 'REVOKE', one, one.identity),
    }));
  return { declared: report, differences, denials };
}

function thing({ kind, object }: Grant): string {
  return `${kind} ${object}`.toLowerCase();
}

function plain({ role, privilege, kind, object }: LiveGrant): Grant {
  return { role, privilege, kind, object };
}

/**
 * Whether nobody but our files may grant it: to a role of ours, in a schema of ours or, where the files know the role, in the
 * whole database. Who is a
 * member of whom is on PostgreSQL the whole cluster's, and so no single database's to take away.
 */
function isOurs(
  { role, kind, object }: Grant,
  { schemas }: DeclaredGrants,
  dialect: Dialect,
  known: ReadonlySet<string>,
): boolean {
  const name = role.toLowerCase();
  if (!watched.has(name)) return false;
  if (kind === 'role') return dialect === 'sqlserver' && known.has(name);
  if (kind === 'database') return known.has(name);
  return schemas.has((object.split('.')[0] ?? '').toLowerCase());
}

function statementOf(
  dialect: Dialect,
  verb: 'GRANT' | 'REVOKE' | 'DENY',
  grant: Grant,
  identity: string,
): string {
  const { privilege, kind, role } = grant;
  const to = verb === 'REVOKE' ? 'FROM' : 'TO';
  const who = role.toLowerCase() === 'public' ? 'PUBLIC' : dialect === 'postgres' ? `"${role}"` : `[${role}]`;
  if (kind === 'role') {
    if (dialect === 'postgres') return `${verb} ${identity} ${to} ${who};`;
    return `ALTER ROLE ${identity} ${verb === 'GRANT' ? 'ADD' : 'DROP'} MEMBER ${who};`;
  }
  // what was passed on goes with the option
  const cascade = privilege.startsWith('GRANT OPTION') ? ' CASCADE' : '';
  const on =
    kind === 'database' ? '' : dialect === 'postgres' ? ` ON ${word(kind)}${identity}` : ` ON ${identity}`;
  return `${verb} ${privilege}${on} ${to} ${who}${cascade};`;
}

function word(kind: Grant['kind']): string {
  return kind === 'schema' ? 'SCHEMA ' : kind === 'function' ? 'FUNCTION ' : '';
}
