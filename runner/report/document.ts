import { html } from './html.js';
import { style } from './style.js';

/** How a page begins that is one file: nothing in it is loaded from anywhere, and nothing in it is a script. */
export function openDocument(title: string, more = ''): string {
  // plain text: the formatter would close the tags that stay open here
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html`${title}`.text}</title>
<style>${style}${more}</style>
</head>
<body>
<main>
`;
}

export function closeDocument(note: string): string {
  return `</main>
<footer class="soft">${html`Written by carril at ${new Date().toISOString()}. ${note}`.text}</footer>
</body>
</html>
`;
}
