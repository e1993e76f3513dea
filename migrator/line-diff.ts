/** Beyond this the middle of two texts is shown as removed and added: nobody reads such a diff line by line. */
const largestTable = 4_000_000;

type Edit = readonly [sign: ' ' | '-' | '+', line: string];

/**
 * What makes one text the other, line by line: `-` lines of `before`, `+` lines of `after`, with two unchanged lines
 * around each change and an `@@` line in front of it, as `diff -u` has it. Empty when they are the same.
 */
export function lineDiff(before: string, after: string, context = 2): string[] {
  if (before === after) return [];
  const edits = editsOf(before.split('\n'), after.split('\n'));
  const near = new Set<number>();
  for (const [i, [sign]] of edits.entries()) {
    if (sign === ' ') continue;
    for (let at = i - context; at <= i + context; at += 1) near.add(at);
  }
  const lines: string[] = [];
  let [old, now] = [1, 1];
  for (const [i, [sign, line]] of edits.entries()) {
    if (near.has(i)) {
      if (i === 0 || !near.has(i - 1)) lines.push(`@@ -${old} +${now} @@`);
      lines.push(`${sign}${line}`);
    }
    if (sign !== '+') old += 1;
    if (sign !== '-') now += 1;
  }
  return lines;
}

function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  const same = (line: string): Edit => [' ', line];
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/** By the longest common subsequence. */
function middle(before: readonly string[], after: readonly string[]): Edit[] {
  const width = after.length + 1;
  if ((before.length + 1) * width > largestTable) {
    return [...before.map((line): Edit => ['-', line]), ...after.map((line): Edit => ['+', line])];
  }
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      edits.push([' ', before[i] ?? '']);
      i += 1;
      j += 1;
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) {
      edits.push(['-', before[i] ?? '']);
      i += 1;
    } else {
      edits.push(['+', after[j] ?? '']);
      j += 1;
    }
  }
  return edits;
}
