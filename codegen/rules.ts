import { procedureCodes } from '../engine/index.js';
import { camelCase } from './names.js';
import { nameOf, type ProcedureModel } from './model.js';
import type { Place, Problems } from './source.js';

export interface Rules {
  /** carril's own procedures: one a file, its path says its name, its errors are those of architecture.md. */
  readonly ours: boolean;
}

/** What statement and contract must agree on, and what a wrapper needs. */
export function checkProcedure(procedure: ProcedureModel, rules: Rules, problems: Problems): void {
  checkReturns(procedure, problems);
  checkNames(procedure, problems);
  for (const [number, place] of procedure.throws) {
    if (!procedure.contract.errors.includes(number)) {
      problems.add(place, `it throws ${String(number)}, which its contract leaves out: add it to Errors`);
    }
  }
  if (rules.ours) checkOurs(procedure, problems);
}

function checkReturns(procedure: ProcedureModel, problems: Problems): void {
  const { contract, parameters } = procedure;
  const place = contract.places.get('Returns') ?? contract.place;
  const outputs = parameters.filter(({ output }) => output);
  const [first] = outputs;
  if (first !== undefined && contract.returns === 'rows') {
    problems.add(
      first.place,
      `@${first.name} is OUTPUT and the contract returns rows: OUTPUT parameters or a result set, not both`,
      place,
    );
  }
  if (first !== undefined && contract.returns === 'nothing') {
    problems.add(place, `@${first.name} is OUTPUT: write "Returns: output"`, first.place);
  }
  if (first === undefined && contract.returns === 'output') {
    problems.add(
      place,
      '"Returns: output" and no parameter is OUTPUT: declare one, or write nothing',
      procedure.place,
    );
  }
  for (const line of contract.outputs) {
    if (!outputs.some(({ name }) => name.toLowerCase() === line.name.toLowerCase())) {
      problems.add(
        line.place,
        `${line.name} is no OUTPUT parameter of ${nameOf(procedure)}`,
        procedure.place,
      );
    }
  }
}

/** Two names that would be one key in TypeScript. */
function checkNames(procedure: ProcedureModel, problems: Problems): void {
  const inputs = procedure.parameters.filter(({ output }) => !output);
  const outputs = procedure.parameters.filter(({ output }) => output);
  for (const list of [inputs, outputs, ...procedure.contract.resultSets.map(({ columns }) => columns)]) {
    const seen = new Map<string, { name: string; place: Place }>();
    for (const item of list) {
      const key = camelCase(item.name);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, item);
      else if (first.name.toLowerCase() !== item.name.toLowerCase()) {
        problems.add(
          item.place,
          `${item.name} and ${first.name} are both ${key} in TypeScript: rename one`,
          first.place,
        );
      }
    }
  }
}

function checkOurs(procedure: ProcedureModel, problems: Problems): void {
  const { contract, place } = procedure;
  const name = nameOf(procedure);
  const path = `${procedure.schema}/${procedure.name}.sql`;
  if (!place.file.toLowerCase().endsWith(`/${path.toLowerCase()}`)) {
    problems.add(place, `${name} belongs in the file ${path}: one procedure a file, named as it is`);
  }
  for (const number of contract.errors) {
    if (!(number in procedureCodes)) {
      problems.add(
        contract.places.get('Errors') ?? contract.place,
        `${String(number)} is none of our errors: they are ${Object.keys(procedureCodes).join(', ')}`,
      );
    }
  }
  if (contract.resultSets.length > 1) {
    problems.add(
      contract.resultSets[1]?.place ?? place,
      'one result set at most in our own procedures: make several procedures of it',
    );
  }
  const [entry, step] = [contract.texts.has('Entry'), contract.texts.has('Step')];
  if (entry === step) {
    problems.add(
      contract.place,
      `the contract has ${entry ? 'both Entry and Step: keep one' : `neither Entry nor Step: add "Entry: carril_app" or "Step: called inside the caller's transaction"`}`,
    );
  }
}
