/** Words that cannot name a function or a namespace of a module. */
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield ' +
    // what the generated modules declare themselves
    'procedures oneRow allRows session args options'
  ).split(' '),
);

const part = /\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}+|\p{Lo}+|\p{N}+/gu;

/** `ID_Proceso` → `idProceso`, `Extract_IPA` → `extractIpa`, `IPA_01_RescatarLocalPrice_v2` → `ipa01RescatarLocalPriceV2`. */
export function camelCase(name: string): string {
  const words = (name.match(part) ?? []).map((word) => word.toLowerCase());
  const joined = words.map((word, i) => (i === 0 ? word : capital(word))).join('');
  return joined === '' || /^\p{N}/u.test(joined) ? `_${joined}` : joined;
}

/** `Lista_Fondos_v1` → `ListaFondosV1` */
export function pascalCase(name: string): string {
  return capital(camelCase(name));
}

/** A procedure's wrapper: without `sp_`, and never a word of the language. */
export function wrapperName(procedure: string): string {
  const name = camelCase(procedure.replace(/^sp_/i, ''));
  return reserved.has(name) ? `${name}_` : name;
}

/** What a schema is called as a namespace of the index; its file has the schema's own name. */
export function namespaceName(schema: string): string {
  const name = camelCase(schema);
  return reserved.has(name) ? `${name}_` : name;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
