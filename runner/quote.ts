/** Longest value that a message quotes whole: a line that lost its line ends would fill the screen. */
const longest = 60;

/** A value between quotes, as messages show what was typed or read; cut with an ellipsis when it is too long. */
export function quote(value: string): string {
  return value.length > longest ? `'${value.slice(0, longest)}…'` : `'${value}'`;
}
