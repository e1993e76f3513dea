const tokenKey = 'carril.token';
const userKey = 'carril.user';

/** The token lives in this tab and dies with it. */
export const session = {
  get token() {
    return sessionStorage.getItem(tokenKey);
  },
  /** Name and role of the token; null when nobody is logged in. */
  get user() {
    return JSON.parse(sessionStorage.getItem(userKey) ?? 'null');
  },
  get mayRun() {
    return session.user !== null && session.user.role !== 'read';
  },
  begin(token, user) {
    sessionStorage.setItem(tokenKey, token);
    sessionStorage.setItem(userKey, JSON.stringify(user));
  },
  end() {
    sessionStorage.removeItem(tokenKey);
    sessionStorage.removeItem(userKey);
  },
};
