import { userInfo } from 'node:os';

/** The name of whoever runs this process, as what it starts records it. */
export function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    // a container's user may have no name
    return String(process.getuid?.() ?? 'unknown');
  }
}
