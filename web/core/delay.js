// @ts-check
/**
 * How far a device may be told to run ahead of the room, or behind: what a Bluetooth speaker or
 * a television's picture processing may need, and little enough that everyone is still in the
 * same scene.
 */

export const DELAY_LIMIT_MS = 500;

/**
 * A delay as it may be set: whole milliseconds within the limit; nonsense is none.
 * @param {number} delayMs
 */
export function boundedDelayMs(delayMs) {
  if (!Number.isFinite(delayMs)) return 0;
  return Math.round(Math.min(DELAY_LIMIT_MS, Math.max(-DELAY_LIMIT_MS, delayMs))) + 0;
}
