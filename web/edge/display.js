// @ts-check
/** How often this display shows a new picture, measured. */

const USUAL_S = 1 / 60;
const LOOKS = 24;

/**
 * The time between two refreshes, seconds: the mean of a few, told in steps of 0.1 ms, where some may
 * have been missed. A hidden page is shown none; then the answer comes once it is seen again.
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
      if (medianMs <= 0) return resolve(USUAL_S);
      const refreshes = gapsMs.reduce((sum, gapMs) => sum + Math.round(gapMs / medianMs), 0);
      return resolve(gapsMs.reduce((sum, gapMs) => sum + gapMs, 0) / refreshes / 1000);
    };
    requestAnimationFrame(look);
  });
}
