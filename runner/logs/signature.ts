import { clip } from './text.js';

/** Longest signature, in characters. */
export const signatureCap = 400;

interface Mask {
  /** Found fast: without it there is nothing to mask. */
  readonly needs: RegExp;
  readonly pattern: RegExp;
  readonly mask: string;
}

/** Ids and numbers, the most particular first: what is masked no later one sees. */
const masks: readonly Mask[] = [
  {
    needs: /-/,
    pattern: /(?<![0-9A-Za-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9A-Za-z])/gi,
    mask: '<uuid>',
  },
  {
    needs: /\./,
    pattern: /(?<![0-9A-Za-z.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![0-9A-Za-z]|\.\d)/g,
    mask: '<ip>',
  },
  {
    // eight groups, or a gap and a digit
    needs: /:[0-9a-f]*:/i,
    pattern:
      /(?<![0-9A-Za-z:])(?:(?=[0-9a-f:]*::)(?=[a-f:]*\d)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7})(?![0-9A-Za-z:])/gi,
    mask: '<ip>',
  },
  {
    // marked as such, or long with both a letter and a digit
    needs: /\d/,
    pattern: /(?<![0-9A-Za-z])(?:0x[0-9a-f]+|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,})(?![0-9A-Za-z])/gi,
    mask: '<hex>',
  },
  { needs: /\d/, pattern: /\d+(?:[.,]\d+)*/g, mask: '<n>' },
];

/**
 * What a message has in common with others of its kind: UUIDs, IP addresses, hexadecimal ids and all other numbers (in
 * quotes or not) become `<uuid>`, `<ip>`, `<hex>` and `<n>`, white space becomes single spaces; at most 400 characters.
 */
export function signatureOf(message: string): string {
  let text = message.trim();
  // most messages have single spaces only
  if (/\s\s|[^\S ]/.test(text)) text = text.replaceAll(/\s+/g, ' ');
  for (const { needs, pattern, mask } of masks) if (needs.test(text)) text = text.replace(pattern, mask);
  return clip(text, signatureCap);
}
