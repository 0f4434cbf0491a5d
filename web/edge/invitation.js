// @ts-check
/**
 * The secret in an invitation link's fragment: read, and wiped from the address bar once it
 * has been used. It is never stored.
 */

/**
 * @param {string} fragment `location.hash`
 * @returns {{invite?: string, host?: string}}
 */
export function secretIn(fragment) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const host = fields.get("host");
  const invite = fields.get("invite");
  if (host) return { host };
  return invite ? { invite } : {};
}

/** Leaves the address of the bare page in the bar and in the history. */
export function wipeSecret() {
  history.replaceState(null, "", location.pathname + location.search);
}
