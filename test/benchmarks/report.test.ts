/** A recording as a page, in a browser. With CARRIL_SCREENSHOTS=<folder> it leaves pictures there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import t from 'tap';
import type { Test } from 'tap';

import { compare } from '../../benchmarks/compare.js';
import { saveRecording } from '../../benchmarks/recording.js';
import { benchPage } from '../../benchmarks/report/page.js';
import { growthFile } from '../../benchmarks/report/growth.js';
import { barriers, findChromium } from '../http/browser.js';
import { runCarril } from '../testing/index.js';
import { growth, postgres, sqlServer } from './report-recordings.js';

const folder = mkdtempSync(join(tmpdir(), 'carril-bench-report-'));
t.teardown(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, pieces: Iterable<string>): string {
  const file = join(folder, name);
  writeFileSync(file, [...pieces].join(''));
  return `file://${file}`;
}

t.test('the command writes the page and the chart, and says what it cannot judge', async (t) => {
  for (const one of [sqlServer, postgres, growth]) saveRecording(folder, one);
  const report = (...args: string[]) => runCarril(['bench', 'report', ...args, '--dir', folder]);
  const [both, chart, nothing] = await Promise.all([
    report('sqlserver-both', 'postgres-both', '--html', join(folder, 'both.html')),
    report('growth', '--chart', join(folder, 'growth.svg'), '--json'),
    report('growth'),
  ]);
  t.equal(both.code, 0, both.stderr);
  t.match(both.stderr, /not judged: database server/);
  const html = readFileSync(join(folder, 'both.html'), 'utf8');
  t.match(html, /cannot be compared, so there is no verdict/);
  t.match(html, /homol\.IPA \(FechaReporte, Saldo\) INCLUDE/, 'the indexes that the slowest statements miss');
  t.match([chart.code, JSON.parse(chart.stdout)], [0, { a: 'growth', broken: null }], chart.stderr);
  t.match(
    readFileSync(join(folder, 'growth.svg'), 'utf8'),
    /^<svg xmlns[\s\S]*Funds an hour[\s\S]*<\/svg>\n$/,
  );
  t.match([nothing.code, nothing.stderr], [2, /--html/]);
});

const found = findChromium();
if ('missing' in found) t.pass('the page was not looked at', { skip: found.missing });
else t.test('the pages in a browser', (t) => inBrowser(t, found.path));

async function inBrowser(t: Test, executablePath: string): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  t.teardown(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(request.url()));

  const verdict = { a: sqlServer, b: undefined, comparison: compare(sqlServer, sqlServer) };
  const url = write('sqlserver.html', benchPage(verdict));
  await page.goto(url);
  t.match(await page.getByRole('heading', { level: 2 }).first().textContent(), /✓ within what is tolerated/);
  t.match(
    await page.getByRole('row', { name: 'makespan_ms' }).textContent(),
    /≤ 40 %.*≤ 60 %.*✓ goal/,
    'a verdict has a sign, a word and its limits',
  );
  const drawn = page.getByRole('img', { name: /^Deadlock:/ });
  t.equal(await drawn.count(), 2, 'deadlocks that are alike are drawn once');
  t.match(
    await drawn.first().getAttribute('aria-label'),
    'session 62 (the victim) asks for key of logs.Ejecuciones (PK_Ejecuciones) in S, which session 58 holds; session 58 asks for',
  );
  t.match(await drawn.first().textContent(), /✕ victim[\s\S]*sp_Contar_Fondos_Legado, line 14/);
  t.match(await page.locator('.deadlock').first().textContent(), /8 times[\s\S]*S on key of[\s\S]*1e3 < 2/);
  t.same(await overflowing(page), [], 'no text leaves its box');
  t.equal(await page.getByText('BLK <GLOBAL> & CO').count(), 2, 'a name is text');
  t.match(
    await page.getByRole('group', { name: 'escalations of LEGADO' }).textContent(),
    /extract\.IPA.*3\.0.*7\.0/s,
  );
  t.match(
    await page
      .getByRole('img', { name: /^Sessions waiting/ })
      .first()
      .getAttribute('aria-label'),
    /at most 9 for rows/,
  );
  t.same(await barriers(page), []);
  await picture(page, 'bench-report');

  await page.goto(write('postgres.html', benchPage({ a: postgres, b: undefined, comparison: undefined })));
  t.match(await page.locator('main').textContent(), /None by design[\s\S]*20,000\s*✕ would escalate/);
  t.match(
    await drawn.getAttribute('aria-label'),
    /session 4711 \(the victim\) asks for row of ejecucion_fondos in ShareLock/,
  );
  t.same(await barriers(page), []);
  await picture(page, 'bench-report-postgres');

  await page.goto(write('growth.html', benchPage({ a: growth, b: undefined, comparison: undefined })));
  t.match(
    await page.getByRole('img', { name: /^Waits for rows/ }).getAttribute('aria-label'),
    /LEGADO: 10 20, 25 35, 50 50, 100 65, 200 80; JERARQUICA: 10 0/,
  );
  await picture(page, 'bench-report-growth');
  await page.goto(write('growth-alone.svg', [growthFile(growth.rounds)]));
  t.equal(await page.locator('parsererror').count(), 0, 'a file of its own is well formed');
  t.same(
    asked.filter((one) => !one.startsWith(`file://${folder}`)),
    [],
    'nothing is loaded from anywhere',
  );
}

/** Texts of drawings that are wider than the box they stand in. */
async function overflowing(page: Page): Promise<string[]> {
  return await page.evaluate<
    string[]
  >(`[...document.querySelectorAll('.process, .resource')].flatMap((group) => {
    const box = group.querySelector('rect').getBoundingClientRect();
    return [...group.querySelectorAll('text')]
      .filter((text) => {
        if (text.textContent === '') return false;
        const { left, right } = text.getBoundingClientRect();
        return left < box.left || right > box.right;
      })
      .map((text) => text.textContent);
  })`);
}

async function picture(page: Page, name: string): Promise<void> {
  const to = process.env['CARRIL_SCREENSHOTS'];
  if (to === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(to, `${name}-${colorScheme}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.pdf({ path: join(to, `${name}.pdf`), format: 'A4' });
}
