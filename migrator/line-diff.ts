import { structuredPatch } from 'diff';

/** Beyond so many changed lines two texts are shown as removed and added: nobody reads such a diff line by line. */
const mostChanges = 2000;

/**
 * What makes one text the other, line by line: `-` lines of `before`, `+` lines of `after`, with two unchanged lines
 * around each change and an `@@` line in front of it, as `diff -u` has it. Empty when they are the same.
 */
export function lineDiff(before: string, after: string): string[] {
  // whether the last line ends with a newline is no difference
  const [old, now] = [`${before}\n`, `${after}\n`];
  const patch = structuredPatch('', '', old, now, '', '', { context: 2, maxEditLength: mostChanges });
  if (patch === undefined) {
    const lines = (sign: string, text: string): string[] => text.split('\n').map((line) => `${sign}${line}`);
    return ['@@ -1 +1 @@', ...lines('-', before), ...lines('+', after)];
  }
  return patch.hunks.flatMap(({ oldStart, newStart, lines }) => [
    `@@ -${oldStart} +${newStart} @@`,
    ...lines,
  ]);
}
