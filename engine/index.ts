/** The public surface of the engine: what `import … from 'carril'` gives. */
export { connect } from './connect.js';
export type { ConnectOptions } from './connect.js';
export type { RetryEvent } from './retry.js';
export type { CallOptions, Dialect, Engine, Session } from './engine.js';
export { PasswordMissing, ProcedureError, UsageError, procedureCodes } from './errors.js';
export type { ProcedureCode } from './errors.js';
export { packageRoot } from './package-root.js';
export { describeTarget, needsPassword, withPassword } from './target.js';
export type * from './target.js';
export type * from './types.js';
export { parseUrl } from './url.js';
