import type pgTypes from 'pg';
import pgPromise from 'pg-promise';

/** pg-promise, one instance for the process; its warning about a second pool to one database does not concern us. */
export const library = pgPromise({ noWarnings: true });

/** The node-postgres that pg-promise brings: the one whose connections these are. */
export const pg = library.pg as unknown as typeof pgTypes;

export const { ParameterizedQuery } = pgPromise;
