import { textCap } from './block.js';

const encoder = new TextEncoder();
let scratch: Uint8Array | undefined;

/** Bytes as text: what is no UTF-8, and NUL (which databases do not take), becomes U+FFFD. */
export function decode(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}

/** Offset before `end` where no character is cut, if the bytes are UTF-8. */
export function characterEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let i = end - 1; i >= start && i >= end - 3; i -= 1) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return i + length > end ? i : end;
    }
  }
  return end;
}

/** At most so many characters (UTF-16 code units), no pair of surrogates cut in two. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** As much of the text as takes 64 KiB of UTF-8. */
export function capped(text: string): string {
  // no character takes more than three bytes a code unit
  if (text.length * 3 <= textCap) return text;
  scratch ??= new Uint8Array(textCap);
  return text.slice(0, encoder.encodeInto(text, scratch).read);
}

/** The text without the line ends at its end. */
export function withoutLineEnds(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}
