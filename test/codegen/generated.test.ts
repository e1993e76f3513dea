import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import t from 'tap';
import { Project, ts } from 'ts-morph';

import { readCatalog } from '../../codegen/catalog.js';
import { emit } from '../../codegen/emit.js';
import { findFolders } from '../../codegen/load.js';
import { ProcedureError, packageRoot } from '../../engine/index.js';
import type { Arguments, CallResult, Procedure, Row, Session } from '../../engine/index.js';

const root = packageRoot();

function generateCase(name: string, engineModule: string): Map<string, string> {
  const folder = join(root, 'test/golden/codegen', name);
  const folders = findFolders(join(folder, 'procedures'), folder, [join(folder, 'migrations')]);
  return emit(readCatalog(folders, { ours: name.startsWith('ours-') }), engineModule);
}

t.test(
  'what is generated passes the strictest compiler, and its types say what may be null or left out',
  (t) => {
    const project = new Project({
      tsConfigFilePath: join(root, 'tsconfig.json'),
      skipAddingFilesFromTsConfig: true,
      compilerOptions: { noEmit: true, noUnusedLocals: true, noPropertyAccessFromIndexSignature: true },
    });
    // beside procedures/generated, so that the relative import is the same; never saved
    const folder = join(root, 'procedures/of-a-test');
    for (const name of ['site-surface', 'ours-twins']) {
      for (const [file, text] of generateCase(name, '../../../engine/index.js')) {
        project.createSourceFile(join(folder, name, file), text);
      }
    }
    project.createSourceFile(
      join(folder, 'use.ts'),
      `import type { Session } from '../../engine/index.js';
     import { dbo, ventas } from './site-surface/index.js';
     import { trabajo } from './ours-twins/index.js';
     declare const session: Session;
     const line: ventas.LineasV1Row = { linea: 1, idCliente: 2n, precio: 1.5, esNuevo: true };
     const taken: { insertadas: number; motivo: string | null } = await ventas.delete_(session, { lineas: [line] });
     await ventas.delete_(session);
     const [one, keys, messages] = await dbo.informe(session, { timeoutMs: 5 });
     const rows: readonly { idVenta: bigint; total: number | null; hora: Date }[] =
       await ventas.sumarVentas(session, { fecha: '2021-05-07', nota: undefined });
     const nothing: void = await dbo.hacerAlgo(session, { ratio: 1, cuando: null });
     const chunks = await trabajo.reclamarChunks(session, { poseedor: 'x', tipos: [{ tipo: 'FONDOS' }] });
     export const used = [taken, one.filas, keys[0]?.importe, messages[0]?.mensaje, rows, nothing, chunks[0]?.expira];
     // @ts-expect-error a needed argument
     await ventas.sumarVentas(session, {});
     // @ts-expect-error a default that is not NULL takes no null
     await ventas.sumarVentas(session, { fecha: '2021-05-07', cliente: null });
     // @ts-expect-error bigint, not number
     await trabajo.tomarChunk(session, { idChunk: 1, token: 1n });
     // @ts-expect-error a row without a column that cannot be null
     await ventas.delete_(session, { lineas: [{ linea: 1, idCliente: 2n, precio: 1 }] });
     // @ts-expect-error may be null
     export const total: number = rows[0]?.total ?? null;
    `,
    );
    const found = project.getSourceFiles().flatMap((file) => file.getPreEmitDiagnostics());
    t.equal(project.formatDiagnosticsWithColorAndContext(found), '');
    t.end();
  },
);

t.test('wrappers convert between the names of the contract and those of TypeScript', async (t) => {
  const engine = pathToFileURL(join(import.meta.dirname, '../../engine/index.js')).href;
  const folder = t.testdir();
  for (const [file, text] of generateCase('site-surface', engine)) {
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
    const { outputText } = ts.transpileModule(text, { compilerOptions });
    writeFileSync(join(folder, file.replace(/\.ts$/, '.js')), outputText);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  type Wrapper = (session: Session, ...rest: unknown[]) => Promise<unknown>;
  const { ventas, dbo } = (await import(pathToFileURL(join(folder, 'index.js')).href)) as {
    ventas: Record<'delete_', Wrapper>;
    dbo: Record<'informe', Wrapper>;
  };

  const calls: { procedure: Procedure; args: Arguments; options: unknown }[] = [];
  const session = (result: Partial<CallResult>): Session =>
    ({
      call: (procedure: Procedure, args: Arguments, options: unknown) => {
        calls.push({ procedure, args, options });
        return Promise.resolve({ output: {}, results: [], ...result });
      },
    }) as unknown as Session;

  const output: Row = { Insertadas: 2, Motivo: null };
  const lineas = [{ linea: 1, idCliente: 7n, precio: 1.5, esNuevo: false, nota: 'x' }];
  const options = { timeoutMs: 5 };
  t.strictSame(await ventas.delete_(session({ output }), { lineas }, options), {
    insertadas: 2,
    motivo: null,
  });
  const call = calls.at(-1);
  t.equal(call?.procedure.name, 'ventas.delete');
  t.equal(call?.options, options);
  t.strictSame(call?.args, {
    Lineas: [{ Linea: 1, ID_Cliente: 7n, Precio: 1.5, Nota: 'x', Desde: null, 'Es nuevo': false }],
    Claves: [],
    Usuario: undefined,
  });

  const sections = await dbo.informe(
    session({
      results: [[{ Filas: 3 }], [{ Clave: 'a', Importe: 1 }], [{ Mensaje: null }, { Mensaje: 'b' }]],
    }),
  );
  t.strictSame(sections, [{ filas: 3 }, [{ clave: 'a', importe: 1 }], [{ mensaje: null }, { mensaje: 'b' }]]);

  for (const rows of [[], [{ Filas: 1 }, { Filas: 2 }]]) {
    await t.rejects(dbo.informe(session({ results: [rows] })), {
      constructor: ProcedureError,
      message: new RegExp(`dbo.sp_Informe returned ${String(rows.length)} rows where its contract says one`),
    });
  }
});
