import { XMLParser } from 'fast-xml-parser';

/** One session of a deadlock. */
export interface DeadlockProcess {
  readonly id: string;
  readonly victim: boolean;
  readonly spid: number | null;
  /** ID of the database it was in. */
  readonly database: number | null;
  /** `KEY: 5:72057594043170816 (8194443284a0)`: what it waited for. */
  readonly wait_resource: string | null;
  readonly lock_mode: string | null;
  readonly isolation: string | null;
  readonly application: string | null;
  /** The statements from the innermost out, procedures with their lines. */
  readonly statements: readonly {
    readonly procedure: string | null;
    readonly line: number | null;
    readonly text: string;
  }[];
  readonly input: string | null;
}

/** A resource that they held and wanted. */
export interface DeadlockResource {
  /** keylock, pagelock, objectlock, ridlock, applicationlock… */
  readonly kind: string;
  readonly object: string | null;
  readonly index: string | null;
  readonly owners: readonly { readonly process: string; readonly mode: string }[];
  readonly waiters: readonly {
    readonly process: string;
    readonly mode: string;
    readonly request: string | null;
  }[];
}

export interface DeadlockGraph {
  readonly at: string | null;
  readonly processes: readonly DeadlockProcess[];
  readonly resources: readonly DeadlockResource[];
}

export type Node = Readonly<Record<string, unknown>>;

/** Elements that stand once in one document and several times in the next. */
const lists = new Set([
  ...['event', 'victimProcess', 'process', 'frame', 'owner', 'waiter', 'data', 'action', 'Slot'],
  ...[
    'keylock',
    'pagelock',
    'objectlock',
    'ridlock',
    'rowgrouplock',
    'applicationlock',
    'metadatalock',
    'databaselock',
  ],
  ...[
    'hobtlock',
    'allocunitlock',
    'xactlock',
    'extentlock',
    'filelock',
    'exchangeEvent',
    'threadpool',
    'resourceWait',
  ],
]);

export const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: '#text',
  // a statement like 0x10 or 1e3 stays the text that it is
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: true,
  isArray: (name) => lists.has(name),
});

/**
 * Reads a deadlock report: `xml_deadlock_report` of SQL Server, `database_xml_deadlock_report` of Azure SQL, or the bare
 * `<deadlock>` of system_health and of trace flag 1222.
 * @returns undefined when there is no deadlock in it
 */
export function parseDeadlock(text: string): DeadlockGraph | undefined {
  const document = xml.parse(text) as Node;
  const [event] = nodes(document['event']);
  return deadlockOf(event ?? document);
}

/** The deadlock of an event that has been read, or of whatever holds one. */
export function deadlockOf(node: Node): DeadlockGraph | undefined {
  const deadlock = find(node, 'deadlock');
  if (deadlock === undefined) return undefined;
  const victims = new Set(
    nodes(child(deadlock, 'victim-list')?.['victimProcess']).map((victim) => attribute(victim, 'id')),
  );
  const single = attribute(deadlock, 'victim');
  if (single !== null) victims.add(single);
  return {
    at: attribute(node, 'timestamp'),
    processes: nodes(child(deadlock, 'process-list')?.['process']).map((it) => readProcess(it, victims)),
    resources: Object.entries(child(deadlock, 'resource-list') ?? {}).flatMap(([kind, list]) =>
      nodes(list).map((resource) => readResource(kind, resource)),
    ),
  };
}

function readProcess(process: Node, victims: ReadonlySet<string | null>): DeadlockProcess {
  const id = attribute(process, 'id') ?? '';
  return {
    id,
    victim: victims.has(id),
    spid: numberOf(process, 'spid'),
    database: numberOf(process, 'currentdb'),
    wait_resource: attribute(process, 'waitresource'),
    lock_mode: attribute(process, 'lockMode'),
    isolation: attribute(process, 'isolationlevel'),
    application: attribute(process, 'clientapp'),
    statements: nodes(child(process, 'executionStack')?.['frame']).map((frame) => ({
      procedure: known(attribute(frame, 'procname')),
      line: numberOf(frame, 'line'),
      text: textOf(frame),
    })),
    input: process['inputbuf'] === undefined ? null : textOf(process['inputbuf']),
  };
}

function readResource(kind: string, resource: Node): DeadlockResource {
  const sessions = (list: string, one: string) => nodes(child(resource, list)?.[one]);
  return {
    kind,
    object: attribute(resource, 'objectname'),
    index: attribute(resource, 'indexname'),
    owners: sessions('owner-list', 'owner').map((owner) => ({
      process: attribute(owner, 'id') ?? '',
      mode: attribute(owner, 'mode') ?? '',
    })),
    waiters: sessions('waiter-list', 'waiter').map((waiter) => ({
      process: attribute(waiter, 'id') ?? '',
      mode: attribute(waiter, 'mode') ?? '',
      request: attribute(waiter, 'requestType'),
    })),
  };
}

/** The first element of that name, wherever it stands. */
function find(node: unknown, name: string): Node | undefined {
  for (const one of nodes(node)) {
    const here = nodes(one[name])[0];
    if (here !== undefined) return here;
    for (const value of Object.values(one)) {
      const below = find(value, name);
      if (below !== undefined) return below;
    }
  }
  return undefined;
}

function child(node: Node, name: string): Node | undefined {
  return nodes(node[name])[0];
}

export function nodes(value: unknown): readonly Node[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one): one is Node => typeof one === 'object' && one !== null);
}

export function attribute(node: Node, name: string): string | null {
  const value = node[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function numberOf(node: Node, name: string): number | null {
  const text = attribute(node, name);
  const value = Number(text);
  return text === null || Number.isNaN(value) ? null : value;
}

export function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : nodes(value)[0]?.['#text'];
  return typeof text === 'string' ? text.trim() : '';
}

function known(name: string | null): string | null {
  return name === null || name === 'adhoc' || name === 'unknown' ? null : name;
}
