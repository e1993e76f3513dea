/**
 * The fixture of carril's own tests, for those of a site as well (`import … from 'carril/testing'`): a new database per
 * test file on the embedded PostgreSQL; on SQL Server where `CARRIL_TEST_MSSQL` names one.
 */
export { freshDatabase } from './database.js';
export type { FreshOptions, TestContext, TestDatabase } from './database.js';
export { runCarril, spawnCarril } from './process.js';
export type { CarrilProcess, CarrilResult, SpawnOptions } from './process.js';
export { asRole } from './roles.js';
export { testDialect } from './server.js';
export { waitUntil, waitUntilBlocked } from './wait.js';
