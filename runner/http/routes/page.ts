import { join } from 'node:path';

import fastifyStatic from '@fastify/static';

import { packageRoot } from '../../../engine/index.js';
import type { App } from '../app.js';

/** Only what comes from here runs, and nothing of it can be framed; nothing that the page is told becomes HTML. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  // asked about each time, sent only when it has changed: page and server are of one version
  'cache-control': 'no-cache',
};

/** The page at `/`: files as they are in the package, in the language of browsers. */
export async function pageRoutes(app: App): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(packageRoot(), 'runner', 'http', 'page'),
    prefix: '/page/',
    index: false,
    dotfiles: 'ignore',
    cacheControl: false,
    schemaHide: true,
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    },
  });
  app.get('/', { schema: { hide: true } }, async (_request, reply) => await reply.sendFile('index.html'));
}
