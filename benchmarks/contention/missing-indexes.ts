import { attribute, nodes, xml } from './deadlock-graph.js';
import type { Node } from './deadlock-graph.js';

/**
 * The indexes that a plan misses, as the optimizer saw it: table, key and included columns, and by how much of its cost the
 * statement would get cheaper. Columns of equality come first, then those of ranges, as `Tune nonclustered indexes with missing
 * index suggestions` (learn.microsoft.com/sql/relational-databases/indexes) has them.
 * @param plan showplan XML; nothing is found in what is none
 */
export function missingIndexes(plan: string): readonly string[] {
  let document: Node;
  try {
    document = xml.parse(plan) as Node;
  } catch {
    return [];
  }
  return [
    ...new Set(
      groupsIn(document).flatMap((group) => nodes(group['MissingIndex']).map((it) => say(it, group))),
    ),
  ];
}

/** Of every statement of the plan, however deep it stands. */
function groupsIn(node: Node): readonly Node[] {
  return Object.entries(node).flatMap(([name, value]) =>
    name === 'MissingIndexGroup' ? nodes(value) : nodes(value).flatMap((inner) => groupsIn(inner)),
  );
}

function say(index: Node, group: Node): string {
  const columns = (usage: string) =>
    nodes(index['ColumnGroup'])
      .filter((one) => attribute(one, 'Usage') === usage)
      .flatMap((one) => nodes(one['Column']))
      .map((column) => bare(attribute(column, 'Name')));
  const key = [...columns('EQUALITY'), ...columns('INEQUALITY')];
  const included = columns('INCLUDE');
  const table = `${bare(attribute(index, 'Schema'))}.${bare(attribute(index, 'Table'))}`;
  const more = included.length === 0 ? '' : ` INCLUDE (${included.join(', ')})`;
  return `${table} (${key.join(', ')})${more}: ${Math.round(Number(attribute(group, 'Impact')))} %`;
}

/** Without the brackets around a name. */
function bare(name: string | null): string {
  return (name ?? '?').replace(/^\[(.*)\]$/s, '$1').replaceAll(']]', ']');
}
