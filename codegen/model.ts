import type { Column, SqlType } from '../engine/index.js';
import type { Place } from './source.js';

/** A column of a table type or of a result. */
export interface ColumnModel extends Column {
  /** What the contract says about it after its nullability; empty when nothing. */
  readonly note: string;
  readonly place: Place;
}

/** What one `CREATE TYPE … AS TABLE` makes. */
export interface TableTypeModel {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnModel[];
  readonly place: Place;
}

/** One `Returns: one` or `Returns: many`. */
export interface ResultSet {
  readonly shape: 'one' | 'many';
  readonly columns: readonly ColumnModel[];
  readonly place: Place;
}

export const contractKeys = ['Returns', 'Errors', 'Touches', 'Batch', 'Entry', 'Step', 'Since'] as const;
export type ContractKey = (typeof contractKeys)[number];

/** The comment on top of a procedure, read. */
export interface Contract {
  /** What it does, a paragraph an entry. */
  readonly description: readonly string[];
  readonly returns: 'nothing' | 'output' | 'rows';
  readonly resultSets: readonly ResultSet[];
  /** Under `Returns: output`, lines may say which outputs can be NULL. */
  readonly outputs: readonly ColumnModel[];
  /** Numbers, ascending. */
  readonly errors: readonly number[];
  /** The other keys' text on one line, single-spaced; a key that is left out is not in the map. */
  readonly texts: ReadonlyMap<ContractKey, string>;
  /** Where each key stands, the contract itself under no key. */
  readonly place: Place;
  readonly places: ReadonlyMap<ContractKey, Place>;
}

export interface ParameterModel {
  /** Without `@`. */
  readonly name: string;
  readonly type: SqlType | TableTypeModel;
  readonly output: boolean;
  /** The default as it is written, normalized to compare; undefined without one. */
  readonly default: DefaultValue | undefined;
  readonly nullable: boolean;
  readonly place: Place;
}

/** A default as both dialects can say it; `expression` is anything that is no plain literal. */
export type DefaultValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'number' | 'string' | 'boolean' | 'expression'; readonly text: string };

/** A T-SQL procedure: what wrappers are made from. */
export interface ProcedureModel {
  readonly schema: string;
  readonly name: string;
  readonly parameters: readonly ParameterModel[];
  readonly contract: Contract;
  readonly place: Place;
  /** Numbers that its own statements throw. */
  readonly throws: ReadonlyMap<number, Place>;
}

export function isTableType(type: SqlType | TableTypeModel): type is TableTypeModel {
  return 'columns' in type;
}

/** `schema.name` in lower case: names are compared without regard to case. */
export function keyOf(object: { readonly schema: string; readonly name: string }): string {
  return `${object.schema}.${object.name}`.toLowerCase();
}

export function nameOf(object: { readonly schema: string; readonly name: string }): string {
  return `${object.schema}.${object.name}`;
}
