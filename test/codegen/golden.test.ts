import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { emit } from '../../codegen/emit.js';
import { findFolders } from '../../codegen/load.js';
import { readCatalog } from '../../codegen/catalog.js';
import { formatProblem } from '../../codegen/source.js';
import { packageRoot } from '../../engine/index.js';

// A case is a folder: procedures/, migrations/ and expected/. One named ours-… is held to our own rules, one named
// site-… to those of a site. CARRIL_UPDATE_GOLDEN=1 writes what is found as what is expected: read the diff.
const golden = join(packageRoot(), 'test/golden/codegen');
const update = process.env['CARRIL_UPDATE_GOLDEN'] === '1';

for (const name of readdirSync(golden).sort()) {
  t.test(name, (t) => {
    const folder = join(golden, name);
    const folders = findFolders(join(folder, 'procedures'), folder, [join(folder, 'migrations')]);
    const catalog = readCatalog(folders, { ours: name.startsWith('ours-') });
    const found = new Map([
      ['problems.txt', catalog.problems.map((one) => `${formatProblem(one)}\n`).join('')],
    ]);
    // .txt, since these are no part of the program
    if (catalog.problems.length === 0) {
      for (const [file, text] of emit(catalog, 'carril')) found.set(`${file}.txt`, text);
    }
    const expected = join(folder, 'expected');
    if (update) {
      rmSync(expected, { recursive: true, force: true });
      mkdirSync(expected);
      for (const [file, text] of found) writeFileSync(join(expected, file), text);
    }
    const files = existsSync(expected) ? readdirSync(expected).sort() : [];
    t.strictSame([...found.keys()].sort(), files, 'these files and no others');
    for (const file of files) t.equal(found.get(file), readFileSync(join(expected, file), 'utf8'), file);
    t.end();
  });
}
