/** A T-SQL literal. */
export function nText(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}

/** A PostgreSQL literal, for `standard_conforming_strings`. */
export function pgText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The same between dollars, under a tag that the text does not contain: it stays readable, line by line. */
export function dollarQuoted(text: string, tag = 'texto'): string {
  let free = tag;
  for (let i = 2; text.includes(`$${free}$`); i += 1) free = `${tag}${i}`;
  return `$${free}$${text}$${free}$`;
}
