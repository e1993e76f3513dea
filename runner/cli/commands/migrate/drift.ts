import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { ProcedureError, UsageError } from '../../../../engine/index.js';
import type { Engine } from '../../../../engine/index.js';
import type { DriftDifference, DriftReport, Manifest } from '../../../../migrator/drift.js';
import { defineCommand, resolveTarget, withEngine } from '../../context.js';
import { printError } from '../../errors.js';
import { fileProblem } from '../../file-problem.js';
import { interrupted, onInterrupt } from '../../interrupt.js';
import type { Output } from '../../output.js';
import { mayNot, withScratchDatabase } from '../../scratch-database.js';
import { migrateOptions } from './common.js';
import type { MigrateOptions } from './common.js';

interface Options extends MigrateOptions {
  readonly manifest?: string | undefined;
  readonly against?: string | undefined;
}

export const command = defineCommand<Options>({
  command: 'drift',
  describe: 'compare the database with what its applied migrations add up to; exit 1 when it is otherwise',
  builder: (args) =>
    migrateOptions(args)
      .option('manifest', {
        type: 'string',
        requiresArg: true,
        describe: 'write what the migrations add up to into this file, for review',
      })
      .option('against', {
        type: 'string',
        requiresArg: true,
        conflicts: 'manifest',
        describe: 'compare with a manifest written before, instead of with a scratch database',
      })
      .example('$0 migrate drift', 'builds a scratch database beside this one, and drops it again')
      .example('$0 migrate drift --against esperado.txt', 'for a login that may not create databases'),
  handler: async (argv) => {
    const began = performance.now();
    const drift = await import('../../../../migrator/drift.js');
    const { against, manifest: into } = argv;
    const given = against === undefined ? undefined : drift.readManifest(readText(against), against);
    await withEngine(
      argv,
      async (engine, out) => {
        const expected = given ?? (await build(argv, engine, out));
        if (typeof expected === 'number') return expected;
        if (into !== undefined) writeText(into, drift.writeManifest(expected));
        const report = await drift.findDrift(engine, expected);
        const seconds = Math.round((performance.now() - began) / 100) / 10;
        out.document(toDocument(report, { against, manifest: into, seconds }));
        if (!out.json) {
          print(out, report, drift);
          const what = `${report.objects} objects in ${seconds} s`;
          const count = report.differences.length;
          out.print(count === 0 ? `no drift: compared ${what}` : `${counted(report)}: compared ${what}`);
          if (into !== undefined) out.print(`what should be there is in ${into}`);
        }
        return report.differences.length === 0 ? 0 : 1;
      },
      { poolMax: 3 },
    );
  },
});

/** Applies the migrations in a scratch database. Ctrl-C stops that, and the database is dropped all the same. */
async function build(argv: Options, engine: Engine, out: Output): Promise<Manifest | number> {
  const { buildManifest, countSteps } = await import('../../../../migrator/drift.js');
  const { MigratorError, hasJournal, packageFolder } = await import('../../../../migrator/index.js');
  if (!(await hasJournal(engine))) {
    throw new UsageError(
      `${engine.description} has no journal: nothing was applied that it could have drifted from. Bring it up with ` +
        'carril migrate up',
    );
  }
  const folders = {
    migrationsDirs: [packageFolder('migrations', engine), ...(argv.migrations ?? [])],
    proceduresDirs: [packageFolder('procedures', engine)],
  };
  const stop = new AbortController();
  const giveBack = onInterrupt((times) => {
    if (times > 2) process.exit(interrupted);
    if (times === 2) out.warn('dropping the scratch database; once more leaves it behind');
    stop.abort(new MigratorError('INTERRUPTED', 'interrupted: the scratch database was dropped'));
  });
  try {
    const target = await resolveTarget(argv);
    const progress = out.progress('scratch database', await countSteps(engine, folders));
    let done = 0;
    return await withScratchDatabase(target, engine, async (scratch) => {
      stop.signal.throwIfAborted();
      return await buildManifest(engine, scratch, folders, {
        signal: stop.signal,
        onProgress: (event) => {
          if (event.kind === 'warning') out.warn(event.message);
          if (!('name' in event) || (event.kind === 'migration' && event.phase === 'start')) return;
          done += 1;
          // in a pipe a line a procedure would be all there is to see
          if (out.live) progress.update(done, event.name);
        },
      });
    }).finally(() => {
      progress.stop();
    });
  } catch (error) {
    if (stop.signal.aborted) {
      printError(stop.signal.reason, { json: out.json });
      return interrupted;
    }
    const cause = error instanceof MigratorError ? error.cause : undefined;
    if (cause instanceof ProcedureError && cause.code === 'PERMISSION') throw mayNot(engine, error as Error);
    throw error;
  } finally {
    giveBack();
  }
}

function print(
  out: Output,
  report: DriftReport,
  { levelText, lineDiff }: Pick<typeof import('../../../../migrator/drift.js'), 'levelText' | 'lineDiff'>,
): void {
  const { database, level, expectedLevel, schemas, differences, leftOut, warnings } = report;
  const other = level === expectedLevel ? '' : `, what it is compared with ${levelText(expectedLevel)}`;
  out.print(`${database} is ${levelText(level)}${other}; its schemas: ${schemas.join(', ') || 'none'}`);
  for (const warning of warnings) out.warn(`warning: ${warning}`);
  for (const one of differences) for (const line of describe(one, lineDiff)) out.print(line);
  for (const { name, reason } of leftOut) out.print(`not compared: ${name}: ${reason}`);
}

function describe(
  one: DriftDifference,
  lineDiff: (before: string, after: string) => readonly string[],
): string[] {
  const { kind, name, state, expected = '', found = '', parts } = one;
  const head = `${state.padEnd(9)} ${kind} ${name}${withParts(parts)}`;
  const indented = (text: string): string[] => text.split('\n').map((line) => `    ${line}`.trimEnd());
  if (state === 'different') {
    const lines = expected.includes('\n') || found.includes('\n');
    return [
      head,
      ...(lines
        ? indented(lineDiff(expected, found).join('\n'))
        : [...indented(`expected: ${expected}`), ...indented(`found:    ${found}`)]),
    ];
  }
  return [head, ...indented(shortened(state === 'missing' ? expected : found))];
}

/** A procedure that is missing or extra is not read here: its first lines say which one it is. */
function shortened(text: string, most = 8): string {
  const lines = text.trim().split('\n');
  if (lines.length <= most) return lines.join('\n');
  return [...lines.slice(0, most), `… ${lines.length - most} more lines`].join('\n');
}

function withParts(parts: Readonly<Record<string, number>>): string {
  const counts = Object.entries(parts).map(([kind, count]) => `${count} ${plural(kind, count)}`);
  return counts.length === 0 ? '' : `, with ${counts.join(', ')}`;
}

function plural(kind: string, count: number): string {
  if (count === 1 || kind === 'statistics') return kind;
  if (kind.endsWith('y')) return `${kind.slice(0, -1)}ies`;
  return kind.endsWith('x') ? `${kind}es` : `${kind}s`;
}

function counted({ differences }: DriftReport): string {
  const counts = (['missing', 'extra', 'different'] as const)
    .map((state) => [state, differences.filter((one) => one.state === state).length] as const)
    .filter(([, count]) => count > 0);
  const total = `${differences.length} ${plural('difference', differences.length)}`;
  return `${total} (${counts.map(([state, count]) => `${count} ${state}`).join(', ')})`;
}

function toDocument(
  report: DriftReport,
  run: { against: string | undefined; manifest: string | undefined; seconds: number },
): unknown {
  return {
    database: report.database,
    dialect: report.dialect,
    level: report.level,
    expected_level: report.expectedLevel,
    compared_with: run.against ?? 'scratch database',
    manifest: run.manifest ?? null,
    schemas: report.schemas,
    objects: report.objects,
    seconds: run.seconds,
    ok: report.differences.length === 0,
    differences: report.differences.map(({ kind, name, state, expected, found, parts }) => ({
      kind,
      name,
      state,
      expected: expected ?? null,
      found: found ?? null,
      parts,
    })),
    not_compared: report.leftOut,
    warnings: report.warnings,
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${fileProblem(error)}`);
  }
}

/** Whole or not at all: a reader never sees half a manifest. */
function writeText(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new UsageError(`cannot write ${path}: ${fileProblem(error)}`);
  }
}
