import type { CatalogObject, Snapshot } from './catalog.js';

/** What migrations and procedures add up to in a database that had nothing else in it. */
export interface ExpectedCatalog {
  /** The schemas that the migrations make: whatever is in one of them is expected, or drift. */
  readonly schemas: readonly string[];
  /** Without what an empty database has by itself. */
  readonly objects: Snapshot;
}

export interface DriftDifference {
  readonly kind: string;
  readonly name: string;
  /** missing: expected and not there; extra: nobody's migration made it; different: there, with another definition. */
  readonly state: 'missing' | 'extra' | 'different';
  readonly expected: string | undefined;
  readonly found: string | undefined;
  /** How many parts (columns, indexes, grants…) are missing or extra with it, by kind. */
  readonly parts: Readonly<Record<string, number>>;
}

/** Kinds whose names begin with a table's or view's name. */
const partKinds = new Set([
  'column',
  'column grant',
  'constraint',
  'check',
  'foreign key',
  'policy',
  'rule',
  'trigger',
]);
/** Kinds that are about a schema, a role or the whole database, and so not about an object in one of our schemas. */
const outerKinds = new Set(['schema', 'schema grant', 'default grant', 'database grant', 'role']);

/**
 * Compares what is there with what should be there. Only what is ours counts: what lies in a schema that the migrations
 * make, what they make elsewhere, and the parts of that (a trigger on our view in `public`). A site's own schemas are
 * its own business, and so are its own tables beside ours in `public` or `dbo`.
 * @param isLeftOut names of objects that cannot be compared, with all that hangs on them
 */
export function compareWithExpected(
  expected: ExpectedCatalog,
  found: Snapshot,
  isLeftOut: (home: string) => boolean = () => false,
): DriftDifference[] {
  const isOurs = ownership(expected);
  // a trigger has a file of its own, and is a part of its table
  const isCompared = (one: CatalogObject): boolean =>
    counts(one) && !isLeftOut(homeOf(one)) && !isLeftOut(one.name);
  const left = keyed(expected.objects.filter(isCompared));
  const right = keyed(found.filter((one) => isOurs(one) && isCompared(one)));
  const differences: DriftDifference[] = [];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [want, have] = [left.get(key), right.get(key)];
    const either = want ?? have;
    if (either === undefined || (want !== undefined && have !== undefined && isSame(want, have))) continue;
    const { kind, name } = either;
    const state = want === undefined ? 'extra' : have === undefined ? 'missing' : 'different';
    const [shown, now] = [want, have].map((one) => (one === undefined ? undefined : comparable(one)));
    differences.push({ kind, name, state, expected: shown, found: now, parts: {} });
  }
  differences.push(...columnOrders(left, right));
  return gathered(differences, new Map([...left, ...right])).sort(
    (a, b) => order(a.name, b.name) || order(a.kind, b.kind) || order(a.state, b.state),
  );
}

/** What the migrations added to an empty database. */
export function expectedCatalog(empty: Snapshot, full: Snapshot): ExpectedCatalog {
  const before = new Set(empty.map(rowKey));
  const objects = full.filter((one) => counts(one) && !before.has(rowKey(one)));
  return {
    objects,
    schemas: objects
      .filter(({ kind }) => kind === 'schema')
      .map(({ name }) => name)
      .sort(order),
  };
}

/** The object that something is a part of, or belongs to as a grant does; itself when it stands alone. */
export function homeOf(object: CatalogObject): string {
  if (object.parent !== undefined) return object.parent;
  const isPart = partKinds.has(object.kind) || (object.kind === 'index' && dots(object.name) > 1);
  return isPart ? object.name.slice(0, object.name.lastIndexOf('.')) : object.name;
}

/**
 * `schema.name` without a function's parameters, in lower case: what its file is called.
 */
export function fileNameOf(home: string): string {
  return home.replace(/\(.*$/s, '').toLowerCase();
}

/** Comments say nothing about how a database works; what is NOT NULL stands with its column, whatever 18 calls the constraint. */
function counts({ kind, definition }: CatalogObject): boolean {
  return kind !== 'comment' && !(kind === 'constraint' && definition.startsWith('NOT NULL '));
}

function ownership(expected: ExpectedCatalog): (object: CatalogObject) => boolean {
  const schemas = new Set(expected.schemas);
  const homes = new Set(expected.objects.filter(({ kind }) => !outerKinds.has(kind)).map(homeOf));
  const roles = new Set(expected.objects.filter(({ kind }) => kind === 'role').map(({ name }) => name));
  const keys = new Set(expected.objects.map(objectKey));
  return (object) => {
    const { kind, name } = object;
    if (kind === 'schema' || kind === 'schema grant') return schemas.has(name) || keys.has(objectKey(object));
    if (kind === 'database grant') return roles.has(name);
    if (kind === 'role') return keys.has(objectKey(object));
    const home = homeOf(object);
    const schema = /^[^.(]*(?=\.)/.exec(home)?.[0];
    if (schema !== undefined && schemas.has(schema)) return true;
    return kind === 'default grant' ? keys.has(objectKey(object)) : homes.has(home);
  };
}

/** Objects by key; what has several rows of one key (unnamed constraints) counts as one. */
function keyed(snapshot: Snapshot): Map<string, CatalogObject> {
  const objects = new Map<string, CatalogObject>();
  for (const object of snapshot) {
    const key = objectKey(object);
    const same = objects.get(key);
    objects.set(
      key,
      same === undefined ? object : { ...object, definition: `${same.definition}\n${object.definition}` },
    );
  }
  return objects;
}

/** Each grant is an object of its own: one that was revoked is missing, not a change of the others. */
function objectKey(object: CatalogObject): string {
  return isGrant(object) ? rowKey(object) : `${object.kind} ${object.name}`;
}

function rowKey({ kind, name, definition }: CatalogObject): string {
  return `${kind} ${name} ${definition}`;
}

function isGrant({ kind }: CatalogObject): boolean {
  return kind.endsWith(' grant') && kind !== 'default grant';
}

function isSame(a: CatalogObject, b: CatalogObject): boolean {
  return comparable(a) === comparable(b);
}

/** A column without its place, which is told by `column order`; a text without what editors and ALTER leave of its form. */
function comparable({ kind, definition }: CatalogObject): string {
  if (kind === 'column') return definition.replace(/^\d+ /, '');
  const text = definition.replaceAll('\r\n', '\n').trimEnd();
  return text.replace(
    /\b(?:CREATE(?:\s+OR\s+ALTER)?|ALTER)(\s+(?:PROC|PROCEDURE|FUNCTION|VIEW|TRIGGER)\b)/i,
    (_all, what: string) => `CREATE ${what.trim()}`,
  );
}

function columnOrders(
  left: ReadonlyMap<string, CatalogObject>,
  right: ReadonlyMap<string, CatalogObject>,
): DriftDifference[] {
  const common = [...left].filter(([key, { kind }]) => kind === 'column' && right.has(key));
  const tables = new Map<string, string[]>();
  for (const [key, object] of common)
    tables.set(homeOf(object), [...(tables.get(homeOf(object)) ?? []), key]);
  return [...tables].flatMap(([name, keys]): DriftDifference[] => {
    const [expected, found] = [left, right].map((side) => inPlace(keys, side));
    if (expected === found) return [];
    return [{ kind: 'column order', name, state: 'different', expected, found, parts: {} }];
  });
}

function inPlace(keys: readonly string[], side: ReadonlyMap<string, CatalogObject>): string {
  const place = (key: string): number => Number.parseInt(side.get(key)?.definition ?? '0', 10);
  return [...keys]
    .sort((a, b) => place(a) - place(b))
    .map((key) => key.slice(key.lastIndexOf('.') + 1))
    .join(', ');
}

/** A table that is missing misses its columns, too: parts go with their whole, and the index of a key with the key. */
function gathered(
  differences: readonly DriftDifference[],
  objects: ReadonlyMap<string, CatalogObject>,
): DriftDifference[] {
  const wholes = new Map<string, Record<string, number>>();
  const home = (one: DriftDifference): string => {
    const definition = one.expected ?? one.found ?? '';
    const object = objects.get(objectKey({ ...one, definition })) ?? objects.get(`${one.kind} ${one.name}`);
    return object === undefined ? one.name : homeOf(object);
  };
  const isWhole = (one: DriftDifference): boolean =>
    one.state !== 'different' && home(one) === one.name && !one.kind.endsWith(' grant');
  for (const one of differences) if (isWhole(one)) wholes.set(`${one.state} ${one.name}`, {});
  const keys = new Set(
    differences.filter(({ kind }) => kind === 'constraint').map(({ name, state }) => `${state} ${name}`),
  );
  const rest = differences.filter((one) => {
    if (isWhole(one)) return true;
    const whole = wholes.get(`${one.state} ${home(one)}`);
    if (whole !== undefined) {
      if (!isOwnersGrant(one)) whole[one.kind] = (whole[one.kind] ?? 0) + 1;
      return false;
    }
    const base = one.name.slice(one.name.lastIndexOf('.') + 1);
    return !(one.kind === 'index' && keys.has(`${one.state} ${home(one)}.${base}`));
  });
  return rest.map((one) =>
    isWhole(one) ? { ...one, parts: wholes.get(`${one.state} ${one.name}`) ?? {} } : one,
  );
}

/** What an owner may do with what is his comes by itself, and is no news of a table that is not there. */
function isOwnersGrant({ kind, expected, found }: DriftDifference): boolean {
  return kind.endsWith(' grant') && / to (.+) by \1$/.test(expected ?? found ?? '');
}

function dots(name: string): number {
  return name.split('.').length - 1;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
