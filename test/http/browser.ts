import { existsSync } from 'node:fs';

/** Where a chromium is, and what to say when there is none: tests of the page need one, and nothing else does. */
export function findChromium(): { readonly path: string } | { readonly missing: string } {
  const named = process.env['CHROMIUM_PATH'];
  const places = named === undefined ? ['/usr/bin/chromium', '/usr/bin/chromium-browser'] : [named];
  const path = places.find((place) => existsSync(place));
  return path === undefined
    ? {
        missing: `no chromium at ${places.join(' or ')}: apt-get install chromium, or say where with CHROMIUM_PATH`,
      }
    : { path };
}
