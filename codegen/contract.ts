import { contractKeys, type ColumnModel, type Contract, type ContractKey, type ResultSet } from './model.js';
import { ParseError, type Place, type Problems, type Source } from './source.js';
import { readType, type WrittenType } from './tsql/type.js';
import { lexTsql } from './tsql/lexer.js';
import { refusal } from './sql-type.js';
import { TokenReader } from './tokens.js';

const keyLine = /^([A-Z][A-Za-z]*):(?:[ \t]+(.*))?$/;

/** Whether a comment is meant as a contract: it has one of the keys that only contracts have. */
export function looksLikeContract(comment: string): boolean {
  return comment.startsWith('/*') && /^[ \t*]*(?:Returns|Touches):/m.test(comment);
}

interface Line {
  readonly text: string;
  readonly start: number;
}

interface Section {
  readonly key: ContractKey;
  readonly value: string;
  readonly start: number;
  /** Lines below it that belong to it. */
  readonly more: Line[];
}

/**
 * Reads the comment on top of a procedure. Both dialects carry the same block, with T-SQL types:
 *
 *     Claims free chunks for a worker. One or two sentences.
 *
 *     Returns: many                               nothing, output, one (exactly one row), many; again for each result set
 *       ID_Chunk    bigint         not null       a line a column; what follows its nullability documents it
 *       Parametros  nvarchar(max)  null
 *     Errors: 50400, 50410                        or none
 *     Touches: trabajo.Chunks write               tables in lock order, or nothing
 *     Batch: 2000                                 rows at most per statement, or none
 *     Entry: carril_app                           or Step: called inside the caller's transaction
 *     Since: 018                                  the migration after which it can exist
 *
 * @param start offset of the comment's opening in the source
 * @param required keys that must be there
 */
export function parseContract(
  source: Source,
  start: number,
  comment: string,
  required: readonly ContractKey[],
  problems: Problems,
): Contract | undefined {
  const { description, sections } = split(source, linesOf(comment, start), problems);
  const place = source.place(start);
  const texts = new Map<ContractKey, string>();
  const places = new Map<ContractKey, Place>();
  for (const section of sections) {
    if (section.key !== 'Returns' && places.has(section.key)) {
      problems.add(source.place(section.start), `${section.key} stands twice in the contract: keep one`);
    }
    if (!places.has(section.key)) places.set(section.key, source.place(section.start));
    if (section.key !== 'Returns') texts.set(section.key, oneLine(section));
  }
  if (description.length === 0) {
    problems.add(place, 'the contract does not say what the procedure does: begin it with a sentence');
  }
  for (const key of required) {
    if (!places.has(key)) problems.add(place, `the contract has no ${key}: add a line ${examples[key]}`);
  }
  const errors = readErrors(source, sections, problems);
  const before = problems.count;
  const returns = readReturns(source, sections, problems);
  // without what it returns nothing can be made or compared; all else can
  if (problems.count > before || !places.has('Returns')) return undefined;
  return { description, ...returns, errors, texts, place, places };
}

const examples: Record<ContractKey, string> = {
  Returns: '"Returns: nothing" (or output; or one or many, followed by a line a column)',
  Errors: '"Errors: 50400, 50404" (or none)',
  Touches: '"Touches: schema.Table read, schema.Table write", in lock order (or nothing)',
  Batch: '"Batch: 2000", the rows at most per statement (or none)',
  Entry: '"Entry: carril_app"',
  Step: `"Step: called inside the caller's transaction"`,
  Since: '"Since: 014", the migration after which it can exist',
};

/** The comment's lines without its delimiters, a gutter of asterisks, and indentation. */
function linesOf(comment: string, start: number): Line[] {
  const lines: Line[] = [];
  let at = 2;
  for (const raw of comment.slice(2, -2).split('\n')) {
    const lead = /^\s*(?:\*+(?=\s|$)\s*)?/.exec(raw)?.[0].length ?? 0;
    lines.push({ text: raw.slice(lead).trimEnd(), start: start + at + lead });
    at += raw.length + 1;
  }
  return lines;
}

function split(
  source: Source,
  lines: readonly Line[],
  problems: Problems,
): { description: string[]; sections: Section[] } {
  const description: string[] = [];
  const sections: Section[] = [];
  let paragraph: string | undefined;
  let inSection = false;
  for (const line of lines) {
    const [, word, value = ''] = keyLine.exec(line.text) ?? [];
    const key = contractKeys.find((known) => known === word);
    if (key !== undefined) {
      sections.push({ key, value: value.trim(), start: line.start, more: [] });
      inSection = true;
    } else if (line.text === '') {
      inSection = false;
    } else if (inSection) {
      if (word !== undefined) {
        problems.add(
          source.place(line.start),
          `"${word}" is no key of a contract: the keys are ${contractKeys.join(', ')}`,
        );
      }
      sections.at(-1)?.more.push(line);
      continue;
    } else {
      paragraph = paragraph === undefined ? line.text : `${paragraph} ${line.text}`;
      continue;
    }
    if (paragraph !== undefined) description.push(paragraph);
    paragraph = undefined;
  }
  if (paragraph !== undefined) description.push(paragraph);
  return { description, sections };
}

function oneLine(section: Section): string {
  return [section.value, ...section.more.map((line) => line.text)].join(' ').replace(/\s+/g, ' ').trim();
}

type Returns = Pick<Contract, 'returns' | 'resultSets' | 'outputs'>;

function readReturns(source: Source, sections: readonly Section[], problems: Problems): Returns {
  const resultSets: ResultSet[] = [];
  let outputs: readonly ColumnModel[] = [];
  const shapes = new Set<string>();
  for (const section of sections.filter(({ key }) => key === 'Returns')) {
    const place = source.place(section.start);
    const shape = /^\w+/.exec(section.value)?.[0].toLowerCase();
    const columns = section.more.flatMap((line) => readColumn(source, line, problems) ?? []);
    checkTwice(columns, problems);
    if (shape === 'one' || shape === 'many') {
      if (section.more.length === 0) {
        problems.add(place, `"Returns: ${shape}" names no column: add a line a column, "Name type not null"`);
      }
      resultSets.push({ shape, columns, place });
      shapes.add('rows');
    } else if (shape === 'nothing' || shape === 'output') {
      if (shape === 'nothing' && section.more.length > 0) {
        problems.add(place, '"Returns: nothing" is followed by columns: write one or many');
      }
      outputs = columns;
      shapes.add(shape);
    } else {
      problems.add(place, `"Returns: ${section.value}": write nothing, output, one or many`);
    }
  }
  if (shapes.size > 1) {
    const again = sections.filter(({ key }) => key === 'Returns').at(-1);
    problems.add(
      source.place(again?.start ?? 0),
      'the contract returns both rows and something else: OUTPUT parameters or result sets, not both',
    );
  }
  const returns = shapes.has('rows') ? 'rows' : shapes.has('output') ? 'output' : 'nothing';
  return { returns, resultSets, outputs };
}

/** `ID_Chunk  bigint  not null  what it is` */
function readColumn(source: Source, line: Line, problems: Problems): ColumnModel | undefined {
  return problems.attempt(() => {
    const place = source.place(line.start);
    const reader = new TokenReader(source, lexTsql(source, line.start, line.start + line.text.length));
    const name = reader.identifier('the name of a column').value;
    const written: WrittenType = readType(reader);
    if (!('builtIn' in written)) {
      throw new ParseError(
        place,
        `${name} has an unknown type, ${written.name}: write a type of T-SQL's own`,
      );
    }
    const nullable = !reader.acceptWords('not', 'null');
    if (nullable && !reader.acceptWords('null'))
      throw reader.unexpected(`"null" or "not null" after ${name}'s type`);
    const reason = refusal(written.builtIn);
    if (reason !== undefined) throw new ParseError(place, `${name}: ${reason}`);
    const rest = reader.done ? '' : source.text.slice(reader.peek().start, line.start + line.text.length);
    const note = rest
      .replace(/^[-,;:\s]+/, '')
      .replace(/\s+/g, ' ')
      .trim();
    return { name, type: written.builtIn, nullable, note, place };
  });
}

export function checkTwice(columns: readonly ColumnModel[], problems: Problems): void {
  const seen = new Map<string, ColumnModel>();
  for (const column of columns) {
    const key = column.name.toLowerCase();
    const first = seen.get(key);
    if (first !== undefined)
      problems.add(column.place, `${column.name} stands twice: rename one`, first.place);
    else seen.set(key, column);
  }
}

function readErrors(source: Source, sections: readonly Section[], problems: Problems): number[] {
  const section = sections.find(({ key }) => key === 'Errors');
  if (section === undefined) return [];
  const text = oneLine(section);
  const numbers = [...text.matchAll(/\b\d{5}\b/g)].map(([number]) => Number(number));
  if (numbers.length === 0 && !/^(?:none|nothing)\b/i.test(text)) {
    problems.add(source.place(section.start), `"Errors: ${text}": write numbers such as 50404, or none`);
  }
  return [...new Set(numbers)].sort((a, b) => a - b);
}
