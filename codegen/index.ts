/** codegen: reads procedures and their contracts, writes typed wrappers, compares dialects and databases. */
export { readCatalog } from './catalog.js';
export type { Catalog } from './catalog.js';
export { compareWithDisk, generate, writeToDisk } from './codegen.js';
export type { CodegenOptions, Generated, Staleness } from './codegen.js';
export { emit } from './emit.js';
export { compareLive } from './live/index.js';
export type { LiveComparison } from './live/index.js';
export { formatProblem } from './source.js';
export type { Place, Problem } from './source.js';
