/**
 * SQL types as both engines know them, by their T-SQL names, and the JavaScript values that stand for them.
 *
 * | SQL                    | JavaScript                                                             |
 * | ---------------------- | ---------------------------------------------------------------------- |
 * | bigint                 | bigint                                                                 |
 * | int, smallint, tinyint | number                                                                 |
 * | decimal(p,s)           | number, p at most 15; a wider one is declared as varchar and is text   |
 * | bit                    | boolean                                                                |
 * | date                   | string `YYYY-MM-DD`, so that no time zone can shift it                 |
 * | datetime2              | Date, UTC                                                              |
 * | float                  | number                                                                 |
 * | (n)char, (n)varchar    | string                                                                 |
 * | uniqueidentifier       | string, lower case                                                     |
 * | varbinary              | Uint8Array                                                             |
 */
export type SqlType =
  | {
      readonly kind:
        'bigint' | 'int' | 'smallint' | 'tinyint' | 'bit' | 'date' | 'float' | 'uniqueidentifier';
    }
  | { readonly kind: 'datetime2'; readonly scale: number }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | {
      readonly kind: 'char' | 'nchar' | 'varchar' | 'nvarchar' | 'varbinary';
      readonly length: number | 'max';
    };

/** A value that crosses the border of the database; NULL is `null`. */
export type SqlValue = bigint | number | boolean | string | Date | Uint8Array | null;

/** A row by column name, spelled as the contract spells it (calls) or as the engine returns it (queries). */
export type Row = Record<string, SqlValue>;

/** A column of a table type, of a bulk load or of a procedure's result. */
export interface Column {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
}

/** A table-valued parameter's type: a T-SQL table type; PostgreSQL gets the same rows as one `jsonb` array. */
export interface TableType {
  readonly table: string;
  readonly columns: readonly Column[];
}

/** A procedure's parameter, by its T-SQL name without `@`. */
export interface Parameter {
  readonly name: string;
  readonly type: SqlType | TableType;
  readonly output: boolean;
  /** The statement gives it a default: it may be left out of a call. */
  readonly optional: boolean;
}

/** What a wrapper knows of the procedure it calls; codegen writes it from the T-SQL statement and its contract. */
export interface Procedure {
  /** `schema.name`, spelled as in T-SQL. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Result sets in their order; ours return one at most, a site's own procedures may return several. */
  readonly results: readonly (readonly Column[])[];
}

/** Arguments by parameter name; one that is left out takes the statement's default. */
export type Arguments = Readonly<Record<string, SqlValue | readonly Row[] | undefined>>;

export interface CallResult {
  /** OUTPUT parameters by name. */
  readonly output: Row;
  /** One array of rows a result set, columns spelled as in `Procedure.results`. */
  readonly results: readonly (readonly Row[])[];
}
