import { UsageError } from '../engine/index.js';
import type { Dialect } from '../engine/index.js';
import type { CatalogObject } from './catalog.js';
import type { ExpectedCatalog } from './drift-compare.js';
import { normalise } from './sql-file.js';

/** What a database should be, and from which files that follows. */
export interface Manifest extends ExpectedCatalog {
  readonly dialect: Dialect;
  /** The server whose catalog says so: another version may write the same definition otherwise. */
  readonly server: string;
  /** The highest migration, 0 for none. */
  readonly level: number;
  /** In the order in which they were applied. */
  readonly migrations: readonly MigrationMark[];
  readonly procedures: readonly ProcedureMark[];
}

export interface MigrationMark {
  /** `013_ejecuciones_id_proceso` */
  readonly name: string;
  readonly checksums: { readonly up: string; readonly down: string; readonly verify: string };
}

export interface ProcedureMark {
  readonly name: string;
  readonly checksum: string;
}

const title = '# carril manifest 1';

/**
 * A text for review and version control: a head of `# key: value` lines, then one block an object, sorted by kind and
 * name, its definition indented below it; a grant is a line. LF, and a newline at the end.
 */
export function writeManifest(manifest: Manifest): string {
  const { dialect, server, level, schemas, migrations, procedures, objects } = manifest;
  const head = [
    title,
    '# What the files below add up to in an empty database, as its catalog says.',
    '# Written by `carril migrate drift --manifest FILE`, compared with by `--against FILE`.',
    `# dialect: ${dialect}`,
    `# server: ${server}`,
    `# level: ${String(level).padStart(3, '0')}`,
    `# schemas: ${schemas.join(' ')}`,
    `# objects: ${objects.length}`,
    ...migrations.map(
      ({ name, checksums }) => `# migration: ${name} ${checksums.up} ${checksums.down} ${checksums.verify}`,
    ),
    ...procedures.map(({ name, checksum }) => `# procedure: ${name} ${checksum}`),
  ];
  return `${[head.join('\n'), ...sorted(objects).map(block)].join('\n\n')}\n`;
}

/** @param shown the file, for messages. @throws UsageError naming the line that is no manifest's */
export function readManifest(given: string, shown: string): Manifest {
  const lines = normalise(given).split('\n');
  if (lines[0] !== title) {
    throw new UsageError(
      `${shown} is no manifest of this carril: it begins with \`${title}\` when \`carril migrate drift --manifest\` wrote it`,
    );
  }
  const head = new Map<string, string[]>();
  const objects: CatalogObject[] = [];
  let body: string[] | undefined;
  let current: { kind: string; name: string; parent: string | undefined } | undefined;
  const close = (): void => {
    if (current === undefined || body === undefined) return;
    while (body.at(-1) === '') body.pop();
    const { kind, name, parent } = current;
    objects.push({ kind, name, definition: body.join('\n'), ...(parent === undefined ? {} : { parent }) });
  };
  for (const [i, line] of lines.entries()) {
    const key = /^# (\w+): ?(.*)$/.exec(line);
    const opening = /^([a-z ]+): (.+?)(?: \[of (.+)\])?$/.exec(line);
    if (line === '' || line.startsWith('  ')) body?.push(line.slice(2));
    else if (current === undefined && line.startsWith('#')) {
      if (key !== null) head.set(key[1] ?? '', [...(head.get(key[1] ?? '') ?? []), key[2] ?? '']);
    } else if (opening !== null) {
      close();
      current = { kind: opening[1] ?? '', name: opening[2] ?? '', parent: opening[3] };
      body = [];
    } else {
      throw new UsageError(`${shown}:${i + 1}: neither the head of an object (\`kind: name\`) nor indented`);
    }
  }
  close();
  return { ...readHead(head, objects.length, shown), objects };
}

function readHead(
  head: ReadonlyMap<string, readonly string[]>,
  objects: number,
  shown: string,
): Omit<Manifest, 'objects'> {
  const one = (key: string): string => {
    const value = head.get(key)?.[0];
    if (value === undefined) throw new UsageError(`${shown}: its head has no line \`# ${key}: …\``);
    return value;
  };
  const dialect = one('dialect');
  if (dialect !== 'postgres' && dialect !== 'sqlserver') {
    throw new UsageError(`${shown}: dialect ${dialect} is neither postgres nor sqlserver`);
  }
  if (Number(one('objects')) !== objects) {
    throw new UsageError(
      `${shown}: its head promises ${one('objects')} objects and ${objects} follow: part of the file is missing or was ` +
        'changed by hand. Have it written again',
    );
  }
  const migrations = (head.get('migration') ?? []).map((line): MigrationMark => {
    const [name = '', up = '', down = '', verify = ''] = line.split(' ');
    return { name, checksums: { up, down, verify } };
  });
  const procedures = (head.get('procedure') ?? []).map((line): ProcedureMark => {
    const [name = '', checksum = ''] = line.split(' ');
    return { name, checksum };
  });
  const schemas = one('schemas')
    .split(' ')
    .filter((name) => name !== '');
  return { dialect, server: one('server'), level: Number(one('level')), schemas, migrations, procedures };
}

function block({ kind, name, definition, parent }: CatalogObject): string {
  const lines = definition.replaceAll('\r\n', '\n').trimEnd().split('\n');
  const of = parent === undefined ? '' : ` [of ${parent}]`;
  return [`${kind}: ${name}${of}`, ...lines.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

function sorted(objects: readonly CatalogObject[]): CatalogObject[] {
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...objects].sort(
    (a, b) => order(a.kind, b.kind) || order(a.name, b.name) || order(a.definition, b.definition),
  );
}
