import type { Markup } from '../../runner/report/html.js';
import type { DeadlockProcess, DeadlockResource } from '../contention/deadlock-graph.js';
import type { Step } from './deadlock-circle.js';
import { at, begin, drawing, fit, svg } from './svg.js';
import type { Point } from './svg.js';

const box = { width: 290, height: 96 };
const gap = { x: 150, y: 62 };
const margin = 8;

/**
 * The circle as two rows of boxes: it runs to the right above and back to the left below, so that no arrow crosses another.
 * Processes are rectangles, resources rounded; a process asks with a dashed arrow, and is held to by a full one.
 */
export function drawDeadlock(steps: readonly Step[]): Markup {
  const columns = steps.length;
  const width = columns * box.width + (columns - 1) * gap.x + 2 * margin;
  const height = 2 * box.height + gap.y + 2 * margin;
  const boxes = 2 * columns;
  const places = Array.from({ length: boxes }, (_, i) => place(i, columns));
  return drawing(
    width,
    height,
    describe(steps),
    svg`${steps.map((step, i) => {
      const [from, to] = [places[2 * i], places[2 * i + 1]];
      const next = places[(2 * i + 2) % boxes];
      if (from === undefined || to === undefined || next === undefined) return '';
      return [
        arrow(from, to, 'asks', `asks for ${step.asks}`),
        // the arrow goes the way the waiting goes: to whoever holds it
        arrow(to, next, 'holds', `${step.holds} held by`.trim()),
      ];
    })}${steps.map((step, i) => {
      const [from, to] = [places[2 * i], places[2 * i + 1]];
      if (from === undefined || to === undefined) return '';
      return [processBox(step.process, from), resourceBox(step.resource, to)];
    })}`,
  );
}

/** The left upper corner of the nth box of the circle. */
function place(n: number, columns: number): Point {
  const [column, row] = n < columns ? [n, 0] : [2 * columns - 1 - n, 1];
  return { x: margin + column * (box.width + gap.x), y: margin + row * (box.height + gap.y) };
}

function arrow(from: Point, to: Point, kind: 'asks' | 'holds', text: string): Markup {
  const label = fit(text, 23);
  if (from.y === to.y) {
    const right = to.x > from.x;
    const y = from.y + box.height / 2;
    const [x1, x2] = right ? [from.x + box.width, to.x - 2] : [from.x, to.x + box.width + 2];
    const head = right ? `M${at(x2)} ${at(y)}l-11 -6v12z` : `M${at(x2)} ${at(y)}l11 -6v12z`;
    return svg`<g class="arrow ${kind}"><path class="line" d="M${at(x1)} ${at(y)}H${at(right ? x2 - 9 : x2 + 9)}"/><path d="${head}"/><text x="${at((x1 + x2) / 2)}" y="${at(y - 9)}" text-anchor="middle">${label}</text></g>
`;
  }
  const down = to.y > from.y;
  const x = from.x + box.width / 2;
  const [y1, y2] = down ? [from.y + box.height, to.y - 2] : [from.y, to.y + box.height + 2];
  const head = down ? `M${at(x)} ${at(y2)}l-6 -11h12z` : `M${at(x)} ${at(y2)}l-6 11h12z`;
  return svg`<g class="arrow ${kind}"><path class="line" d="M${at(x)} ${at(y1)}V${at(down ? y2 - 9 : y2 + 9)}"/><path d="${head}"/><text x="${at(x + 12)}" y="${at((y1 + y2) / 2 + 4)}">${label}</text></g>
`;
}

function processBox(process: DeadlockProcess, { x, y }: Point): Markup {
  const [inner] = process.statements;
  const where = nameOfStatement(process);
  const text = inner?.text ?? process.input ?? '';
  return svg`<g class="process ${process.victim ? 'victim' : ''}"><title>${text}</title><rect x="${at(x)}" y="${at(y)}" width="${box.width}" height="${box.height}"/>
<text class="head" x="${at(x + 12)}" y="${at(y + 22)}">${sessionName(process)}${process.victim ? ' — ✕ victim' : ''}</text>
<text x="${at(x + 12)}" y="${at(y + 43)}">${fit(where, 38)}</text>
<text class="code" x="${at(x + 12)}" y="${at(y + 63)}">${begin(text, 37)}</text>
<text class="tick" x="${at(x + 12)}" y="${at(y + 83)}">${fit([process.application, process.isolation].filter(Boolean).join(', '), 40)}</text></g>
`;
}

function resourceBox(resource: DeadlockResource, { x, y }: Point): Markup {
  return svg`<g class="resource"><title>${resourceName(resource)}</title><rect x="${at(x)}" y="${at(y)}" width="${box.width}" height="${box.height}" rx="40"/>
<text class="head" x="${at(x + box.width / 2)}" y="${at(y + 30)}" text-anchor="middle">${kindName(resource.kind).replace(/ of$/, '')}</text>
<text x="${at(x + box.width / 2)}" y="${at(y + 53)}" text-anchor="middle">${fit(shortName(resource.object ?? 'not named'), 38)}</text>
<text class="tick" x="${at(x + box.width / 2)}" y="${at(y + 74)}" text-anchor="middle">${fit(resource.index ?? '', 36)}</text></g>
`;
}

export function sessionName({ spid, id }: DeadlockProcess): string {
  return `session ${spid ?? id}`;
}

/** The procedure and line that a process was in, as far as it is known. */
export function nameOfStatement({ statements }: DeadlockProcess): string {
  const named = statements.find(({ procedure }) => procedure !== null);
  if (named === undefined) return 'no procedure';
  return `${shortName(named.procedure ?? '')}${named.line === null ? '' : `, line ${named.line}`}`;
}

export function resourceName({ kind, object, index }: DeadlockResource): string {
  return `${kindName(kind)} ${shortName(object ?? '')}${index === null ? '' : ` (${index})`}`;
}

/** Without the database, which is the same for all. */
export function shortName(name: string): string {
  return /^\w+\.(\w+\.\w+)$/.exec(name)?.[1] ?? name;
}

/** In words: SQL Server's element names and PostgreSQL's lock types. */
function kindName(kind: string): string {
  const names: Readonly<Record<string, string>> = {
    ...{
      keylock: 'key of',
      ridlock: 'row of',
      pagelock: 'page of',
      objectlock: 'table',
      hobtlock: 'partition of',
    },
    ...{ applicationlock: 'application lock', transactionid: 'row of', tuple: 'row of', relation: 'table' },
    advisory: 'application lock',
  };
  return names[kind] ?? kind;
}

function describe(steps: readonly Step[]): string {
  return `Deadlock: ${steps
    .map(({ process, resource, asks }, i) => {
      const next = steps[(i + 1) % steps.length];
      const holder = next === undefined ? '' : `, which ${sessionName(next.process)} holds`;
      return `${sessionName(process)}${process.victim ? ' (the victim)' : ''} asks for ${resourceName(resource)} in ${asks}${holder}`;
    })
    .join('; ')}.`;
}
