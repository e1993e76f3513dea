/**
 * Whether the long tests run at their full size: `CARRIL_TEST_THOROUGH=1`, which the nightly workflow sets. Without it they
 * take a few seconds each, so that the whole suite stays something that one waits for.
 */
export const thorough = process.env['CARRIL_TEST_THOROUGH'] === '1';

/** A test's size: the environment's where it names one, else by `thorough`. */
export function testSize(variable: string, size: { readonly quick: number; readonly full: number }): number {
  const given = process.env[variable] ?? '';
  return given === '' ? (thorough ? size.full : size.quick) : Number(given);
}
