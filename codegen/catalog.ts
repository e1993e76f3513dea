import { readMigrations, readSql, type Folders } from './load.js';
import {
  isTableType,
  keyOf,
  nameOf,
  type ContractKey,
  type ProcedureModel,
  type TableTypeModel,
} from './model.js';
import { compareTwin, type Twin } from './postgres/compare.js';
import { parsePostgresFile } from './postgres/function.js';
import { parseContract } from './contract.js';
import { checkProcedure, type Rules } from './rules.js';
import { Problems, type Problem, type Source } from './source.js';
import { buildProcedure } from './tsql/build.js';
import { parseTsqlFile } from './tsql/procedure.js';
import { collectTableTypes } from './tsql/table-type.js';

/** What the folders hold, read and checked. */
export interface Catalog {
  /** Those that can be made into wrappers, by name. */
  readonly procedures: readonly ProcedureModel[];
  /** Table types that they take. */
  readonly tableTypes: readonly TableTypeModel[];
  readonly problems: readonly Problem[];
}

/** Reads procedures, contracts and table types, and compares the dialects where there are two. */
export function readCatalog(folders: Folders, rules: Rules): Catalog {
  const problems = new Problems();
  const types = new Map<string, TableTypeModel>();
  for (const folder of folders.migrations) {
    for (const script of readMigrations(folder, folders.base)) collectTableTypes(script, types, problems);
  }
  const sources = readSql(folders.tsql, folders.base);
  for (const source of sources) {
    // a site may keep its types beside its procedures
    if (/\bcreate\s+type\b/i.test(source.text)) collectTableTypes(source, types, problems);
  }
  const required = requiredKeys(rules);
  const procedures = new Map<string, ProcedureModel>();
  /** Names of everything in T-SQL, of the procedures that cannot be read too. */
  const known = new Set<string>();
  for (const source of sources) readTsql(source, types, required, rules, procedures, known, problems);
  if (folders.postgres !== undefined) compareDialects(folders, procedures, known, required, problems);
  const usable = [...procedures.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const used = new Map(
    usable
      .flatMap(({ parameters }) => parameters.map(({ type }) => type))
      .filter(isTableType)
      .map((type) => [keyOf(type), type]),
  );
  return {
    procedures: usable,
    tableTypes: [...used.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    problems: problems.sorted(),
  };
}

function requiredKeys(rules: Rules): ContractKey[] {
  const always: ContractKey[] = ['Returns', 'Errors', 'Touches', 'Batch'];
  return rules.ours ? [...always, 'Since'] : always;
}

function readTsql(
  source: Source,
  types: ReadonlyMap<string, TableTypeModel>,
  required: readonly ContractKey[],
  rules: Rules,
  procedures: Map<string, ProcedureModel>,
  known: Set<string>,
  problems: Problems,
): void {
  const parsed = problems.attempt(() => parseTsqlFile(source));
  if (parsed === undefined) {
    known.add(keyFromPath(source.file));
    return;
  }
  for (const name of parsed.others) known.add(name);
  if (rules.ours && parsed.procedures.length + parsed.others.length === 0) {
    problems.add(
      source.place(0),
      'no CREATE OR ALTER of a procedure, function, view or trigger stands at the start of a batch',
    );
  }
  for (const written of parsed.procedures) {
    const key = keyOf({ schema: written.schema ?? 'dbo', name: written.name });
    known.add(key);
    const procedure = buildProcedure(source, written, types, required, problems);
    if (procedure === undefined) continue;
    const first = procedures.get(key);
    if (first !== undefined) {
      problems.add(procedure.place, `${nameOf(procedure)} is made twice: keep one`, first.place);
      continue;
    }
    procedures.set(key, procedure);
    checkProcedure(procedure, rules, problems);
  }
}

function compareDialects(
  folders: Folders,
  procedures: ReadonlyMap<string, ProcedureModel>,
  known: ReadonlySet<string>,
  required: readonly ContractKey[],
  problems: Problems,
): void {
  const found = new Set<string>();
  for (const source of readSql(folders.postgres ?? '', folders.base)) {
    const parsed = problems.attempt(() => parsePostgresFile(source));
    if (parsed === undefined) {
      found.add(keyFromPath(source.file));
      continue;
    }
    for (const written of parsed.functions) {
      const key = keyOf({ schema: written.schema ?? 'public', name: written.name });
      const name = `${written.schema ?? 'public'}.${written.name}`;
      found.add(key);
      const procedure = procedures.get(key);
      if (procedure === undefined) {
        const own = written.returns?.base === 'trigger' || written.postgresOnly;
        if (!known.has(key) && !own) {
          problems.add(
            written.place,
            `${name} has no T-SQL twin: write it, remove this one, or say "PostgreSQL only: why" in a comment on top of it`,
          );
        }
        continue;
      }
      if (written.contract === undefined) {
        problems.add(
          written.place,
          `${name} has no contract: put the T-SQL procedure's comment on top of it`,
          procedure.contract.place,
        );
        continue;
      }
      const { start, text } = written.contract;
      const contract = parseContract(source, start, text, required, problems);
      if (contract === undefined) continue;
      const twin: Twin = { written, contract };
      compareTwin(procedure, twin, problems);
      for (const [number, place] of written.throws) {
        if (!contract.errors.includes(number)) {
          problems.add(
            place,
            `it raises UC${String(number - 50000)}, which its contract leaves out: add ${String(number)} to Errors`,
          );
        }
      }
    }
  }
  for (const [key, procedure] of procedures) {
    if (!found.has(key)) {
      problems.add(
        procedure.place,
        `${nameOf(procedure)} has no PostgreSQL twin: write the function of that name`,
      );
    }
  }
}

/** `…/schema/name.sql` → `schema.name`: what a file that cannot be read was going to make. */
function keyFromPath(file: string): string {
  const [name = '', schema = ''] = file.split('/').reverse();
  return `${schema}.${name.replace(/\.sql$/i, '')}`.toLowerCase();
}
