import { session } from './session.js';

/** An answer that is no success, as problem+json describes it. */
export class Problem extends Error {
  constructor(status, { detail, code }, requestId) {
    super(detail ?? `the server answered ${status}`);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** Told when the token is not, or no longer, taken. */
export const expiry = new EventTarget();

/** Asks the service, with the token of this session; its answer, once it is known to be a success. */
export async function ask(path, { headers, token = session.token, ...init } = {}) {
  let answer;
  try {
    answer = await fetch(path, { ...init, headers: { ...headers, authorization: `Bearer ${token}` } });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem(0, { detail: 'The server does not answer. Is it running?' });
  }
  if (answer.ok) return answer;
  const problem = new Problem(
    answer.status,
    await answer.json().catch(() => ({})),
    answer.headers.get('x-request-id'),
  );
  if (answer.status === 401 && token === session.token) expiry.dispatchEvent(new Event('expired'));
  throw problem;
}

export async function getJson(path, options) {
  return await (await ask(path, options)).json();
}

export async function postJson(path, body, headers = {}) {
  const answer = await ask(path, {
    method: 'POST',
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return await answer.json();
}
