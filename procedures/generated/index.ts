// written by carril codegen, never edited
export * as dimensionales from './dimensionales.js';
export * as extract from './extract.js';
export * as homol from './homol.js';
export * as logs from './logs.js';
export * as nomina from './nomina.js';
export * as staging from './staging.js';
export * as trabajo from './trabajo.js';
