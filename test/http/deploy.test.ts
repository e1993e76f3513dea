/** What is in deploy/ can be read by what reads it, holds no secret, and asks for nothing that it does not need. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { defaults } from '../../runner/process.js';
import { deployFolder, readYaml, scalerQueries } from './deploy.js';

const folder = deployFolder();
const manifests = readdirSync(join(folder, 'kubernetes')).map((name) => join('kubernetes', name));

interface Container {
  readonly args: readonly string[];
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly securityContext: unknown;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template?: { readonly spec: { readonly containers: readonly Container[] } };
    readonly triggers?: readonly { readonly metadata: Readonly<Record<string, string>> }[];
    readonly scaleTargetRef?: { readonly name: string };
  };
}

const all = manifests.flatMap((name) => readYaml<Manifest>(name));
const containers = all.flatMap(({ spec }) => spec.template?.spec.containers ?? []);

t.test('Kubernetes', (t) => {
  t.notOk(
    all.some(({ kind }) => kind === 'Secret'),
    'a secret is made by whoever has it',
  );
  t.equal(containers.length, 3);
  for (const { args, env, securityContext } of containers) {
    t.match(
      securityContext,
      { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      args.join(' '),
    );
    t.same(
      env.filter(({ value }) => value !== undefined),
      [],
      'no value of the environment is in a manifest',
    );
  }
  const worker = containers.find(({ args }) => args[0] === 'work');
  t.same(worker?.args, ['work', '--lanes', String(defaults.lanes)]);
  const scaled = all.filter(({ kind }) => kind === 'ScaledObject');
  t.equal(scaled.length, 2);
  for (const { spec } of scaled) {
    const metadata = spec.triggers?.[0]?.metadata;
    const target = metadata?.['targetValue'] ?? metadata?.['targetQueryValue'];
    t.equal(target, String(defaults.lanes), 'a worker for as many chunks as it has lanes');
    t.ok(
      all.some(({ kind, metadata: { name } }) => kind === 'Deployment' && name === spec.scaleTargetRef?.name),
    );
  }
  t.equal(new Set(scalerQueries()).size, 1, 'both ask the same');
  t.end();
});

t.test('compose', (t) => {
  interface Service {
    readonly command?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly ports?: readonly string[];
    readonly deploy?: { readonly replicas: number };
  }
  const [file] = readYaml<{ services: Record<string, Service> }>('compose.yaml');
  const { server, worker, sqlserver } = file?.services ?? {};
  t.equal(worker?.deploy?.replicas, 3);
  t.match(
    worker?.environment?.['CARRIL_DATABASE_URL'],
    /^mssql:.*\$\{CARRIL_SA_PASSWORD:\?/,
    'asks for the password',
  );
  t.match(sqlserver?.environment?.['MSSQL_SA_PASSWORD'], /^\$\{CARRIL_SA_PASSWORD:\?/);
  t.same(server?.ports, ['127.0.0.1:8080:8080'], 'on this machine only');
  t.end();
});

t.test('the image runs as nobody in particular, and has what the package has', (t) => {
  const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');
  const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
  t.match(last, /^USER node$/m);
  const { files } = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8')) as {
    files: string[];
  };
  for (const name of files.filter((name) => name !== 'docs'))
    t.ok(last.includes(`/build/${name} ${name}`), name);
  t.end();
});
