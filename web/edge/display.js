// @ts-check
/** How often this display shows a new picture, measured. */

const USUAL_S = 1 / 60;
const LOOKS = 24;

/**
 * The time between two refreshes, seconds: the median of a few. A hidden page is shown none;
 * then the answer comes once it is seen again.
 * @returns {Promise<number>}
 */
export function refreshS() {
  return new Promise((resolve) => {
    /** @type {number[]} */
    const gapsMs = [];
    let lastMs = NaN;
    const look = (/** @type {number} */ nowMs) => {
      if (nowMs > lastMs) gapsMs.push(nowMs - lastMs);
      lastMs = nowMs;
      if (gapsMs.length < LOOKS) return requestAnimationFrame(look);
      const medianMs = gapsMs.sort((a, b) => a - b)[LOOKS >> 1];
      return resolve(medianMs > 0 ? medianMs / 1000 : USUAL_S);
    };
    requestAnimationFrame(look);
  });
}
