import { postgresScript } from './sql-script-postgres.js';
import type { SqlScriptPlan } from './sql-script-plan.js';
import { sqlserverScript } from './sql-script-sqlserver.js';

export { planSqlScript, planSqlScriptFor } from './sql-script-plan.js';
export type { SqlScriptPlan } from './sql-script-plan.js';

/** The script's text, piece by piece; the same plan gives the same text. */
export function sqlScript(plan: SqlScriptPlan): Iterable<string> {
  return plan.dialect === 'postgres' ? postgresScript(plan) : sqlserverScript(plan);
}
