import type { Knex } from 'knex';

import type { Session } from '../engine/index.js';
import { login } from './builder.js';

/** Who migrates, for the journal. */
export interface Author {
  /** The person at the machine; the database's login is recorded beside it. */
  readonly user: string;
  readonly host: string;
  /** carril's version. */
  readonly version: string;
}

/** The columns that say who, in every table of the journal that has them. */
export function authorColumns(session: Session, author: Author): Record<string, string | Knex.Raw> {
  return {
    usuario: author.user.slice(0, 200),
    login: login(session.dialect),
    equipo: author.host.slice(0, 200),
    version: author.version.slice(0, 50),
  };
}
