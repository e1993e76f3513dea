import { createHash } from 'node:crypto';
import {
  appendFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

import t from 'tap';

import { optionsHash } from '../../runner/logs/recogniser.js';
import { checkUnchanged, fingerprint, hashBytes, openSource } from '../../runner/logs/source.js';
import type { LogSource, PlannedFile } from '../../runner/logs/source.js';
import { fileWith, withSource } from './support.js';

const content = Buffer.from(Array.from({ length: 3000 }, (_unused, i) => `line ${i}\n`).join(''));
const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function plan(source: LogSource): Promise<PlannedFile> {
  return { ...(await fingerprint(source)), end: source.size, mtimeMs: source.mtimeMs };
}

t.test('opening and reading', async (t) => {
  const path = fileWith(content);
  await withSource(path, async (source) => {
    const found = statSync(path, { bigint: true });
    t.match(source, {
      path,
      size: content.length,
      mtimeMs: Number(found.mtimeMs),
      dev: found.dev,
      ino: found.ino,
    });
    t.same(await source.read(5, 10), content.subarray(5, 15));
    t.same(await source.read(content.length - 3, 10), content.subarray(-3), 'fewer at the end');
    t.same(await source.read(content.length + 3, 10), Buffer.alloc(0));
    t.same(await source.read(0, 0), Buffer.alloc(0));
  });
  await t.rejects(openSource(`${path}.nothing`), { code: 'ENOENT' });
  await t.rejects(openSource(dirname(path)), { message: /is no file$/ });
});

t.test('fingerprints', async (t) => {
  await withSource(fileWith(content), async (source) => {
    const whole = {
      head: sha(content.subarray(0, 4096)),
      headBytes: 4096,
      tail: sha(content.subarray(-4096)),
    };
    t.same(await fingerprint(source), whole);
    t.same(await fingerprint(source, 100), {
      head: sha(content.subarray(0, 100)),
      headBytes: 100,
      tail: sha(content.subarray(0, 100)),
    });
    t.equal(await hashBytes(source, 10, 20), sha(content.subarray(10, 20)));
    await t.rejects(hashBytes(source, 0, content.length + 1), { name: 'LogInputError', problem: 'SHRUNK' });
  });
  await withSource(fileWith('', 'empty.log'), async (source) => {
    t.same(await fingerprint(source), {
      head: sha(Buffer.alloc(0)),
      headBytes: 0,
      tail: sha(Buffer.alloc(0)),
    });
    await t.resolves(checkUnchanged(source, await plan(source)));
  });
});

t.test('a file that is still the planned one', async (t) => {
  const path = fileWith(content);
  await withSource(path, async (source) => {
    const planned = await plan(source);
    await t.resolves(checkUnchanged(source, planned));
    appendFileSync(path, 'more\n');
    await t.resolves(checkUnchanged(source, planned), 'it grew');
    await t.resolves(
      withSource(path, (later) => checkUnchanged(later, planned)),
      'opened again',
    );
    await t.resolves(checkUnchanged(source, { ...planned, ...(await fingerprint(source, 50)), end: 50 }));
  });
});

t.test('a file that is not', async (t) => {
  /** What `happen` makes of the planned file, seen by who has it open and by who opens it now. */
  const after = async (problem: string, message: RegExp, happen: (path: string) => void) => {
    const path = fileWith(content);
    await withSource(path, async (source) => {
      const planned = await plan(source);
      happen(path);
      await t.rejects(checkUnchanged(source, planned), { name: 'LogInputError', problem, message });
    });
  };
  await after(
    'SHRUNK',
    new RegExp(`app\\.log shrank since its scan was planned: 100 bytes are left of ${content.length}$`),
    (path) => {
      truncateSync(path, 100);
    },
  );
  await after('REPLACED', /app\.log was moved away or deleted while it was scanned/, (path) => {
    rmSync(path);
  });
  await after('REPLACED', /app\.log was replaced by another file while it was scanned/, (path) => {
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  });
  await after('REPLACED', /was replaced or rewritten since .*: its first 4096 bytes are others/, (path) => {
    writeFileSync(path, Buffer.concat([Buffer.from('x'), content]));
  });
  await after('CHANGED', /was changed since .*: the bytes before byte \d+ are others/, (path) => {
    writeFileSync(path, Buffer.concat([content.subarray(0, -1), Buffer.from('x, and more\n')]));
  });
  await after('CHANGED', /was written to since .* \(20.*Z, now 2001-.*Z\) without growing/, (path) => {
    utimesSync(path, new Date(0), new Date('2001-01-01'));
  });
  // rotated before the lane opens it
  const path = fileWith(content);
  const planned = await withSource(path, plan);
  renameSync(path, `${path}.1`);
  writeFileSync(path, Buffer.concat([Buffer.from('another file\n'), content]));
  await withSource(path, async (source) => {
    await t.rejects(checkUnchanged(source, planned), { name: 'LogInputError', problem: 'REPLACED' });
  });
});

t.test('the hash of the options', (t) => {
  const hashes = [{}, { pattern: 'a' }, { format: 'a' }, { pattern: 'a', format: 'a' }].map(optionsHash);
  t.equal(new Set(hashes).size, 4);
  for (const hash of hashes) t.match(hash, /^[0-9a-f]{64}$/);
  t.equal(optionsHash({ pattern: undefined, format: undefined }), hashes[0]);
  t.end();
});
