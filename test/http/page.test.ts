/**
 * The page in a browser, as somebody uses it: log in, start a run, see its lanes finish, open a fund, upload a log, watch what
 * is found, cancel, log out. With CARRIL_SCREENSHOTS=<folder> it leaves pictures there.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import t from 'tap';

import { logBytes } from '../../benchmarks/log-generator.js';
import { loadSamples } from '../../runner/demo.js';
import { handlers } from '../../runner/handlers/index.js';
import { Worker } from '../../runner/worker.js';
import { barriers, findChromium } from './browser.js';
import { startServer } from './support.js';

const found = findChromium();
if ('missing' in found) {
  t.pass('the page was not looked at', { skip: found.missing });
} else {
  await inBrowser(found.path);
}

async function inBrowser(executablePath: string): Promise<void> {
  const test = await startServer(t, { uploadLimit: 8 * 2 ** 20 });
  const { engine } = test.db;
  await loadSamples(engine);
  const folder = mkdtempSync(join(tmpdir(), 'carril-page-'));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  t.teardown(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, locale: 'en-GB' });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // an answer that is no success is told there, too; a breach of the page's policy is one of these
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(test.url)) outside.push(request.url());
  });
  page.on('dialog', (dialog) => void dialog.accept());

  /** Works until nothing is left to do. */
  const work = async (): Promise<void> => {
    await new Worker({
      engine,
      handlers,
      lanes: 2,
      leaseSeconds: 30,
      maxRunTimeMs: 60_000,
      idleExitMs: 0,
    }).run();
  };
  const startRun = async (): Promise<void> => {
    await page.getByLabel('Report date').fill('2021-05-07');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { name: /^Process \d+$/ }).waitFor();
  };
  const state = page.getByRole('region', { name: 'State' });

  await t.test('log in', async (t) => {
    const answer = await page.goto(test.url);
    t.match(answer?.headers()['content-security-policy'], /default-src 'none'/);
    await page.getByLabel('Token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('unknown, revoked or expired').waitFor();
    await page.getByLabel('Token').fill(test.tokens.run);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Processes' }).waitFor();
    t.equal(await focused(page), 'Processes', 'the focus is where the page has changed');
    t.same(await barriers(page), []);
  });

  await t.test('start a run, see 6 lanes finish, open a fund', async (t) => {
    await startRun();
    const lanes = page.getByRole('list', { name: 'Funds' }).getByRole('button');
    await lanes.nth(5).waitFor();
    t.equal(await lanes.count(), 6);
    t.equal(await lanes.filter({ hasText: 'PENDIENTE' }).count(), 6);
    await page.getByText('● live').waitFor();
    // what happens from now on comes through the stream
    await Promise.all([work(), lanes.filter({ hasText: 'COMPLETADO' }).nth(5).waitFor()]);
    await state.getByText('COMPLETADO').waitFor();
    t.equal(await state.locator('dd').first().textContent(), '6', 'six funds succeeded');

    await lanes.filter({ hasText: 'ARKK' }).focus();
    await page.keyboard.press('Enter');
    const services = page.getByRole('region', { name: 'Services of ARKK' });
    t.match(await services.getByRole('row', { name: 'IPA' }).textContent(), /COMPLETADO/);
    t.same(await barriers(page), []);
    await picture(page, 'process');
    await page.getByRole('link', { name: 'Processes', exact: true }).click();
    t.match(await page.getByRole('row').nth(1).textContent(), /2021-05-07.*COMPLETADO.*6 of 6/);
    await picture(page, 'processes');
  });

  await t.test('cancel a run', async () => {
    await startRun();
    await page.getByRole('button', { name: 'Cancel the process' }).click();
    await Promise.all([work(), state.getByText('CANCELADO').waitFor()]);
  });

  await t.test('upload a log, watch what is found', async (t) => {
    const file = join(folder, 'night.log');
    const markup = '2024-01-02 06:00:00,000 ERROR <img src=x onerror="document.title=1"> failed\n';
    writeFileSync(
      file,
      Buffer.concat([Buffer.from(markup), logBytes({ seed: 5, bytes: 2 * 2 ** 20, style: 'iso' })]),
    );
    await page.getByRole('link', { name: 'Logs', exact: true }).click();
    await page.getByLabel('Log file').setInputFiles(file);
    await page.getByRole('button', { name: 'Upload and review' }).click();
    await page.getByRole('heading', { name: /^Review \d+$/ }).waitFor();
    await page.getByText('● live').waitFor();
    const blocks = page.getByRole('region', { name: 'Error blocks', exact: true });
    await Promise.all([work(), blocks.getByRole('listitem').first().waitFor()]);
    await page.getByRole('heading', { name: 'Report by signature' }).waitFor();
    await state.getByText('COMPLETADO').waitFor();
    t.match(
      await page.getByRole('region', { name: 'Report' }).textContent(),
      /<img src=x onerror=/,
      'as text',
    );
    t.equal(await page.locator('main img').count(), 0, 'what a log says is never HTML');
    t.same(await barriers(page), []);
    await picture(page, 'log');
  });

  await t.test('log out', async (t) => {
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    t.equal(await page.evaluate('sessionStorage.length'), 0, 'nothing is left in the tab');
    t.same(complaints, [], 'the browser had nothing to complain about');
    t.same(outside, [], 'nothing was asked of anybody else');
  });
}

async function focused(page: Page): Promise<string | null> {
  return await page.evaluate<string | null>('document.activeElement?.textContent ?? null');
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['CARRIL_SCREENSHOTS'];
  if (folder === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), animations: 'disabled' });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 800 });
  await page.screenshot({ path: join(folder, `${name}-narrow.png`), animations: 'disabled' });
  await page.setViewportSize({ width: 1200, height: 800 });
}
