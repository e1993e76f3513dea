import { PasswordMissing, connect, withPassword } from '../../engine/index.js';
import type { ConnectOptions, ConnectionTarget, Engine } from '../../engine/index.js';
import { askPassword, canAsk } from './ask-password.js';

/** What was typed: a command that connects several times asks once. One process connects to one server. */
let typed: string | undefined;

/**
 * As the engine's `connect`; on a terminal it asks for a password that the server wants and the target lacks. It is the
 * server that is asked first: it may trust us, and PGPASSWORD or a password file may know.
 * @throws PasswordMissing where there is no terminal to ask on
 */
export async function openDatabase(target: ConnectionTarget, options: ConnectOptions): Promise<Engine> {
  try {
    return await connect(target, options);
  } catch (error) {
    if (!(error instanceof PasswordMissing) || !canAsk()) throw error;
    typed ??= await askPassword();
    return await connect(withPassword(target, typed), options);
  }
}
