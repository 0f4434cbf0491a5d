// @ts-check
/** Asks the host in which form this browser gets a film: `POST /media/{id}/plan`. */

/** A host that has not answered by then can't be reached, milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * @typedef {import("../core/quality.js").Quality} Quality
 * @typedef {import("../core/doubts.js").Capabilities & import("./source.js").Choice} Wish
 *
 * @typedef {object} Plan
 * @property {"direct" | "remux" | "convert" | "none"} kind
 * @property {string} url
 * @property {string[]} [renditions] what it is made of; nothing where it is the file itself
 * @property {Quality} quality
 * @property {string[]} reasons why not in a simpler form
 * @property {Quality[]} ladder what may be chosen of this film
 * @property {boolean} [unplanned] the host makes no plans: this is the only form there is
 */

/**
 * Where a film's own bytes are.
 * @param {string} itemId
 */
export function fileUrl(itemId) {
  return `/media/${encodeURIComponent(itemId)}`;
}

/**
 * @param {string} itemId
 * @param {Wish} wish
 * @returns {Promise<Plan>} where the host makes no plans, the file itself
 * @throws {Error} the host can't be reached, or has no answer now
 */
export async function fetchPlan(itemId, wish) {
  const response = await fetch(`${fileUrl(itemId)}/plan`, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(wish),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  if (response.status === 404 || response.status === 405) {
    const url = fileUrl(itemId);
    return { kind: "direct", url, quality: "original", reasons: [], ladder: [], unplanned: true };
  }
  if (!response.ok) throw new Error(`The host answered with error ${response.status}`);
  return response.json();
}
