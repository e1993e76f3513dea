/** Markup that is to stay as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | bigint | Markup | null | undefined | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template's own text, without the indentation that only the source needs. */
const texts = new WeakMap<TemplateStringsArray, readonly string[]>();

/** A template of HTML whose values are escaped, for text and for quoted attributes, unless they are markup themselves. */
export function html(pieces: TemplateStringsArray, ...values: readonly Part[]): Markup {
  let own = texts.get(pieces);
  if (own === undefined) {
    own = pieces.map((piece) => piece.replaceAll(/\n\s+/g, '\n'));
    texts.set(pieces, own);
  }
  return new Markup(own.map((piece, i) => piece + (i < values.length ? rendered(values[i]) : '')).join(''));
}

function rendered(value: Part): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(rendered).join('');
  return String(value).replaceAll(
    // eslint-disable-next-line no-control-regex -- control characters have no place in HTML, and a NUL ends some readers' patience
    /[&<>"'\u0000-\u0008\u000B\u000C\u000E-\u001F]/g,
    (found) => entities[found] ?? '\uFFFD',
  );
}
