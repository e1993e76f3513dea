import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { packageRoot } from '../../engine/package-root.js';

export function deployFolder(): string {
  return join(packageRoot(), 'deploy');
}

/** The documents of a file in deploy/. @throws YAMLParseError */
export function readYaml<T>(name: string): T[] {
  const documents = parseAllDocuments(readFileSync(join(deployFolder(), name), 'utf8'), { merge: true });
  if ('empty' in documents) return [];
  return documents.map((document) => {
    for (const problem of document.errors) throw problem;
    return document.toJS() as T;
  });
}

/** What KEDA asks the database for: of each engine's manifest. */
export function scalerQueries(): string[] {
  interface Scaled {
    readonly spec: { readonly triggers?: readonly { readonly metadata: { readonly query: string } }[] };
  }
  return ['mssql', 'postgresql']
    .flatMap((engine) => readYaml<Scaled>(join('kubernetes', `scaler-${engine}.yaml`)))
    .flatMap(({ spec }) => spec.triggers ?? [])
    .map(({ metadata }) => metadata.query);
}
