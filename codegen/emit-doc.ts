import { procedureCodes, type SqlType } from '../engine/index.js';
import type { Contract, DefaultValue } from './model.js';
import { typeText } from './sql-type.js';

const width = 110;

/** The docstring of a wrapper, out of its contract; long lines are wrapped. */
export function contractDoc(contract: Contract, name: string): string {
  const lines = [
    ...contract.description.flatMap((text) => [...wrap(escape(text)), '']),
    `Calls \`${name}\`.`,
  ];
  const errors = contract.errors.map((number) => {
    const code = Object.entries(procedureCodes).find(([known]) => known === String(number))?.[1];
    return code === undefined ? String(number) : `${String(number)} ${code}`;
  });
  lines.push(...wrap(`Errors: ${errors.join(', ') || 'none of its own'}.`));
  for (const key of ['Touches', 'Batch', 'Entry', 'Step'] as const) {
    const text = contract.texts.get(key);
    if (text !== undefined) lines.push(...wrap(escape(`${key}: ${text.replace(/\.$/, '')}.`)));
  }
  return `\n${lines.join('\n')}`;
}

/** One line on a value: its SQL type, and what its JavaScript type does not say. */
export function typeDoc(type: SqlType, note = ''): string {
  const form = type.kind === 'date' ? ', `YYYY-MM-DD`' : type.kind === 'datetime2' ? ', UTC' : '';
  return `${typeText(type)}${form}${note === '' ? '' : `; ${escape(note)}`}`;
}

export function defaultDoc(value: DefaultValue | undefined): string {
  if (value === undefined) return '';
  if (value.kind === 'null') return 'NULL when left out';
  return `${value.kind === 'string' ? `'${value.text}'` : value.text} when left out`;
}

/** Text that cannot end the comment it stands in. */
function escape(text: string): string {
  return text.replaceAll('*/', '*\\/');
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
