// @ts-check
/**
 * The page's two questions over HTTP: who am I here (`GET /session`), and let me in
 * (`POST /join`). The cookie that comes of it is the browser's to keep; no secret is stored.
 */

/**
 * @typedef {{room: string, pin_required: boolean, signed_in: boolean, name: string | null,
 *   role: "guest" | "host" | null}} Session
 * @typedef {{name: string, pin?: string, invite?: string, host?: string}} Credentials
 */

/** Not let in, and why, in words for a person. */
export class JoinError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} [retryAfterS] seconds until the next try is looked at
   */
  constructor(code, message, retryAfterS = 0) {
    super(message);
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

/** A host that has not answered by then can't be reached, milliseconds. */
const ANSWER_WITHIN_MS = 10_000;
const UNREACHABLE = "The host can’t be reached. Is it still running, and are you on the same network?";

/**
 * @returns {Promise<Session>}
 * @throws {JoinError} `unreachable`
 */
export async function fetchSession() {
  const response = await request("/session", { cache: "no-store" });
  if (!response.ok) throw new JoinError("unreachable", UNREACHABLE);
  try {
    return await response.json();
  } catch {
    // Cut off on its way, or a proxy's own page.
    throw new JoinError("unreachable", UNREACHABLE);
  }
}

/**
 * Join; a cookie that still holds resumes the same participant and needs no secret.
 * @param {Credentials} credentials
 * @returns {Promise<{id: string, name: string, role: "guest" | "host"}>}
 * @throws {JoinError}
 */
export async function join(credentials) {
  const response = await request("/join", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(credentials),
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { code = "unknown", message, retry_after_s: retryAfterS } = answer.error ?? {};
  throw new JoinError(code, message ?? `The host answered with error ${response.status}.`, retryAfterS);
}

/**
 * @param {string} path
 * @param {RequestInit} init
 */
async function request(path, init) {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return await fetch(path, { credentials: "same-origin", signal, ...init });
  } catch {
    throw new JoinError("unreachable", UNREACHABLE);
  }
}
