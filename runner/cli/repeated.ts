/** Options that take several values and may be repeated. */
const names = new Set(['--migrations', '--adopt', '--replace', '--accept', '--fund']);

/**
 * Brings the values of a repeated option together behind its first occurrence. yargs is told that the last of several
 * counts, which is right for one value, and would keep the last list only.
 */
export function gathered(argv: readonly string[]): string[] {
  const lists = new Map<string, string[]>();
  const end = argv.indexOf('--');
  const options = end < 0 ? argv : argv.slice(0, end);
  let list: string[] | undefined;
  const parts: (string | string[])[] = [];
  for (const argument of options) {
    const [, name = argument, value] = /^(--[\w-]+)=(.*)$/s.exec(argument) ?? [];
    if (names.has(name)) {
      list = lists.get(name);
      if (list === undefined) {
        list = [name];
        lists.set(name, list);
        parts.push(list);
      }
      if (value !== undefined) {
        list.push(value);
        list = undefined;
      }
    } else if (list === undefined || argument.startsWith('-')) {
      list = undefined;
      parts.push(argument);
    } else {
      list.push(argument);
    }
  }
  return [...parts.flat(), ...(end < 0 ? [] : argv.slice(end))];
}
