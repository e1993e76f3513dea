import { z } from 'zod';

import type { App } from '../app.js';
import { roles } from '../roles.js';

/** Whose token it is: what a page asks at its login. */
export function whoamiRoute(app: App): void {
  app.get(
    '/api/whoami',
    {
      config: { role: 'read' },
      schema: {
        tags: ['health'],
        summary: 'Name and role of the token',
        response: { 200: z.object({ name: z.string(), role: z.enum(roles) }) },
      },
    },
    ({ credential }) => ({ name: credential?.name ?? '', role: credential?.role ?? 'read' }),
  );
}
