import { existsSync } from 'node:fs';

import axe from 'axe-core';
import type { Page } from 'playwright-core';

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

/** What axe finds wrong for those who cannot see, or use no mouse; contrasts in both colour schemes. */
export async function barriers(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
    for (const { id, nodes } of violations)
      found.push(...nodes.map(({ html }) => `${colorScheme}: ${id}: ${html}`));
  }
  return found;
}
