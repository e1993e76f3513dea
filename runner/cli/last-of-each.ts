/**
 * An option that is given twice counts as it was given last, as everywhere: for a command whose parser collects arrays, since
 * it takes a list of names.
 * @param list the list's key, which stays whole
 */
export function lastOfEach<T extends object>(argv: T, list: keyof T): T {
  const last = Object.entries(argv).map(([key, value]: [string, unknown]) => {
    const single = key !== list && key !== '_' && Array.isArray(value);
    return [key, single ? (value as unknown[]).at(-1) : value];
  });
  return Object.fromEntries(last) as T;
}
