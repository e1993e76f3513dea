/** What a credential may do: each role may do what those before it may. */
export const roles = ['read', 'run', 'admin'] as const;

export type Role = (typeof roles)[number];

/** As `trabajo.Credenciales` has them. */
const inDatabase: Readonly<Record<Role, string>> = { read: 'LECTURA', run: 'EJECUCION', admin: 'ADMIN' };

export function roleInDatabase(role: Role): string {
  return inDatabase[role];
}

/** @throws Error for a role that this version does not know */
export function roleFromDatabase(name: string): Role {
  const found = roles.find((role) => inDatabase[role] === name);
  if (found === undefined) throw new Error(`this version does not know the role ${name}`);
  return found;
}

export function mayDo(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
