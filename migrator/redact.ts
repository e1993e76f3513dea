/** Literals after the words that name a secret, as both dialects write them. */
const literal =
  /\b(PASSWORD|SECRET|PWD|TOKEN|CONTRASE(?:N|Ñ)A)(\s*(?:=|:=|:|,)?\s*)(?:[NEne]?'(?:[^']|'')*'?|0x[0-9A-F]+)/gi;
/** The same within a connection string. */
const inText = /\b(password|pwd|secret)(\s*=\s*)[^\s;'"]+/gi;

/** Takes secrets out of a statement or an error, before it is written to the journal or shown. */
export function redact(text: string): string {
  return text.replaceAll(literal, "$1$2'***'").replaceAll(inText, '$1$2***');
}

/** The first `length` characters, never half of one. */
export function shortened(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
