/**
 * The page in a browser, as somebody uses it: log in, start a run, see its lanes finish, open a fund, upload a log, watch what
 * is found, consolidate a payroll, compare recordings, cancel, log out. With CARRIL_SCREENSHOTS=<folder> it leaves pictures there.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import type { Locator, Page } from 'playwright-core';
import t from 'tap';

import { logBytes } from '../../benchmarks/log-generator.js';
import { saveRecording } from '../../benchmarks/recording.js';
import type { Recording } from '../../benchmarks/recording.js';
import { packageRoot } from '../../engine/index.js';
import type { Engine } from '../../engine/index.js';
import { recordingsIn } from '../../runner/cli/recordings.js';
import { loadSamples } from '../../runner/demo.js';
import { handlers } from '../../runner/handlers/index.js';
import { Tracer } from '../../runner/trace/tracer.js';
import { Worker } from '../../runner/worker.js';
import { generated } from '../payroll/support.js';
import { holdTable } from '../runner/support.js';
import { waitUntil } from '../testing/index.js';
import { barriers, findChromium } from './browser.js';
import { startServer } from './support.js';

const found = findChromium();
if ('missing' in found) {
  t.pass('the page was not looked at', { skip: found.missing });
} else {
  await inBrowser(found.path);
}

async function inBrowser(executablePath: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'carril-page-'));
  const test = await startServer(t, { uploadLimit: 8 * 2 ** 20, recordings: recordingsIn(folder) });
  const { engine } = test.db;
  await loadSamples(engine);
  writeRecordings(folder);
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
      tracer: new Tracer({ engine, warn: (message) => complaints.push(message), tickMs: 20, flushMs: 20 }),
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
    // what happens from now on comes through the stream; two of the funds wait for somebody else's lock
    const holder = await holdTable(engine, 'staging.CAPM_Final');
    const working = work();
    const waiter = await waitUntil('a wait to be traced', () => fundThatWaits(engine));
    await holder.release();
    await Promise.all([working, lanes.filter({ hasText: 'COMPLETADO' }).nth(5).waitFor()]);
    await state.getByText('COMPLETADO').waitFor();
    t.equal(await state.locator('dd').first().textContent(), '6', 'six funds succeeded');

    await lanes.filter({ hasText: waiter }).focus();
    await page.keyboard.press('Enter');
    const services = page.getByRole('region', { name: `Services of ${waiter}` });
    t.match(await services.getByRole('row', { name: 'IPA' }).first().textContent(), /COMPLETADO/);
    const timeline = services.getByRole('region', { name: `Timeline of ${waiter}` });
    const capm = timeline.getByRole('row', { name: 'CAPM' });
    t.match(await capm.locator('td').nth(3).textContent(), /^[1-9]\d* ms$/, 'what it waited');
    t.ok(((await capm.locator('.waited').boundingBox())?.width ?? 0) > 0, 'and is drawn');
    await page.getByText('Trace: bottlenecks and overlaps').click();
    const bottlenecks = page.getByRole('region', { name: 'Bottlenecks' });
    t.match(
      await bottlenecks.getByRole('row').nth(1).textContent(),
      /capm_final/i,
      'what was waited for comes first',
    );
    t.same(await barriers(page), []);
    await picture(page, 'trace', page.getByRole('list', { name: 'Funds' }));
    await page.getByText('Trace: bottlenecks and overlaps').click();
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

  await t.test('consolidate a payroll, see its discrepancies, roll it back', async (t) => {
    const closing = await generated(engine, { employees: 260, concepts: 8, defects: true });
    await page.getByRole('link', { name: 'Payroll', exact: true }).click();
    await page.getByRole('link', { name: String(closing), exact: true }).click();
    await page.getByRole('heading', { name: `Closing ${closing}` }).waitFor();
    await page.getByLabel('Cut off after').fill('10');
    await page.keyboard.press('Enter');
    await state.getByText('consolidando_datos').waitFor();
    await page.getByText('● live').waitFor();
    // what happens from now on comes through the stream
    await Promise.all([work(), state.getByText('datos_consolidados').waitFor()]);
    t.match(await state.textContent(), /Employees252 of 260.*Líquido[\d,]+\.\d\d/);
    const found = page.getByRole('region', { name: 'Discrepancies', exact: true });
    const all = await found.getByRole('row').count();
    await page.getByLabel('Discrepancies of type').selectOption('RUT_INVALIDO');
    await page.getByText('all of them').waitFor();
    const some = await found.getByRole('row').count();
    t.ok(some > 1 && some < all, `${some} of ${all}`);
    await page.getByLabel('Discrepancies of type').selectOption('all');
    t.same(await barriers(page), []);
    await picture(page, 'closing');
    await page.getByRole('button', { name: 'Roll the consolidation back' }).click();
    await page.getByRole('button', { name: 'Consolidate' }).waitFor();
    await page.getByRole('link', { name: 'Payroll', exact: true }).click();
    await page.getByRole('row', { name: String(closing) }).waitFor();
    t.same(await barriers(page), []);
    await picture(page, 'payroll');
  });

  await t.test('compare recordings', async (t) => {
    await page.getByRole('link', { name: 'Recordings', exact: true }).click();
    await page.getByRole('row', { name: 'rollout' }).waitFor();
    t.equal(await page.getByLabel('B, after').inputValue(), 'later', 'the newest');
    t.same(await barriers(page), []);
    await picture(page, 'recordings');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText('A tolerance is broken.').waitFor();
    t.match(await page.getByRole('row', { name: 'makespan_ms' }).textContent(), /150 % .*≤ 120 %.*broken/);
    t.same(await barriers(page), []);
    await picture(page, 'comparison');
    await page.goto(`${test.url}/#/recordings/rollout/rollout`);
    await page.getByText('A rollout: LEGADO, 5 rounds; B rollout: JERARQUICA, 5 rounds').waitFor();
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

/** Whose wait for a lock has been traced. */
async function fundThatWaits(engine: Engine): Promise<string | undefined> {
  const [row] = await engine.query(
    "SELECT f.FundShortName AS fund FROM logs.Trace_Records AS r INNER JOIN dimensionales.BD_Funds AS f ON f.ID_Fund = r.ID_Fund WHERE r.Tipo_Evento = 'LOCK'",
  );
  return row === undefined ? undefined : String(row['fund']);
}

/** A recording of both architectures, and a later one of the same that takes half as long again. */
function writeRecordings(folder: string): void {
  const results = join(packageRoot(), 'benchmarks', 'results');
  const name = readdirSync(results).findLast((file) => /^contention-\d/.test(file)) ?? '';
  const recording = JSON.parse(readFileSync(join(results, name), 'utf8')) as Recording;
  const slower = recording.rounds.map((round) => ({
    ...round,
    makespan_ms: 1.5 * round.makespan_ms,
    funds_per_hour: round.funds_per_hour / 1.5,
  }));
  saveRecording(folder, { ...recording, label: 'rollout' });
  saveRecording(folder, { ...recording, label: 'later', at: '2100-01-01T00:00:00.000Z', rounds: slower });
}

async function picture(page: Page, name: string, whole?: Locator): Promise<void> {
  const folder = process.env['CARRIL_SCREENSHOTS'];
  if (folder === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const path = join(folder, `${name}-${colorScheme}.png`);
    await (whole ?? page).screenshot({ path, animations: 'disabled' });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 800 });
  await page.screenshot({ path: join(folder, `${name}-narrow.png`), animations: 'disabled' });
  await page.setViewportSize({ width: 1200, height: 800 });
}
