// @ts-check
/**
 * How long to wait before the next try of a connection. Pure; it sets no timer.
 */

const FIRST_S = 0.25;
const LONGEST_S = 8;

/**
 * Doubles from 0.25 s to 8 s; half of it is chance, so that the guests of a restarted host
 * don't all knock at the same instant.
 * @param {number} attempt failed tries so far, from 0
 * @param {number} chance from 0 to 1
 * @returns {number} seconds
 */
export function backoffS(attempt, chance) {
  const longest = Math.min(LONGEST_S, FIRST_S * 2 ** Math.min(attempt, 10));
  return longest * (0.5 + 0.5 * chance);
}
