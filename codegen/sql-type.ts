import type { SqlType } from '../engine/index.js';
import { isTableType, type TableTypeModel } from './model.js';

/** More digits than a JavaScript number holds: architecture.md refuses such a decimal at the border. */
export const maxNumberDigits = 15;

/** As T-SQL writes it. */
export function typeText(type: SqlType | TableTypeModel): string {
  if (isTableType(type)) return `${type.schema}.${type.name}`;
  switch (type.kind) {
    case 'decimal':
      return `decimal(${String(type.precision)},${String(type.scale)})`;
    case 'datetime2':
      return `datetime2(${String(type.scale)})`;
    case 'char':
    case 'nchar':
    case 'varchar':
    case 'nvarchar':
    case 'varbinary':
      return `${type.kind}(${String(type.length)})`;
    default:
      return type.kind;
  }
}

/** The JavaScript type that stands for it; see the table in engine/types.ts. */
export function tsType(type: SqlType): string {
  switch (type.kind) {
    case 'bigint':
      return 'bigint';
    case 'int':
    case 'smallint':
    case 'tinyint':
    case 'float':
    case 'decimal':
      return 'number';
    case 'bit':
      return 'boolean';
    case 'datetime2':
      return 'Date';
    case 'varbinary':
      return 'Uint8Array';
    default:
      return 'string';
  }
}

/** Why a value of this type cannot cross the border, and what to do; undefined when it can. */
export function refusal(type: SqlType): string | undefined {
  if (type.kind !== 'decimal' || type.precision <= maxNumberDigits) return undefined;
  // a sign, a point, and the zero before the point of one without whole digits
  const length = type.precision + 1 + (type.scale > 0 ? 1 : 0) + (type.scale === type.precision ? 1 : 0);
  return (
    `${typeText(type)} is wider than the ${String(maxNumberDigits)} digits that a JavaScript number holds: ` +
    `declare it as varchar(n) and convert it in the procedure (varchar(${String(length)}) holds every value)`
  );
}

/** The engine's description of the type, as TypeScript. */
export function typeLiteral(type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
      return `{ kind: 'decimal', precision: ${String(type.precision)}, scale: ${String(type.scale)} }`;
    case 'datetime2':
      return `{ kind: 'datetime2', scale: ${String(type.scale)} }`;
    case 'char':
    case 'nchar':
    case 'varchar':
    case 'nvarchar':
    case 'varbinary': {
      const length = type.length === 'max' ? `'max'` : String(type.length);
      return `{ kind: '${type.kind}', length: ${length} }`;
    }
    default:
      return `{ kind: '${type.kind}' }`;
  }
}
