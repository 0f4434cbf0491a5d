// @ts-check
/** Whether a media element has the data to go on, where browsers differ in saying so; how much. */

/** `HTMLMediaElement.readyState`. */
export const HAVE_CURRENT_DATA = 2;
const HAVE_FUTURE_DATA = 3;
/** So much ahead of the playhead is as good as `HAVE_FUTURE_DATA`, seconds. */
const AHEAD_S = 0.5;

/**
 * Whether the element has data to go on. WebKitGTK stays at HAVE_CURRENT_DATA while it plays
 * well, and at the very end there is no future data to have: so what is buffered counts too.
 * @param {HTMLVideoElement} element
 * @param {boolean} playing whether the room plays; a resting one needs its frame alone
 */
export function canGoOn({ readyState, buffered, currentTime, duration }, playing) {
  if (readyState >= HAVE_FUTURE_DATA || !playing) return readyState >= HAVE_CURRENT_DATA;
  if (readyState < HAVE_CURRENT_DATA) return false;
  const needed = Math.min(currentTime + AHEAD_S, duration - AHEAD_S);
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= currentTime && needed <= buffered.end(i)) return true;
  }
  return false;
}

/**
 * What it has of the film, as media times from and to.
 * @param {HTMLVideoElement} element
 * @returns {[number, number][]}
 */
export function spans({ buffered }) {
  return Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]);
}

/**
 * How much is buffered ahead of the playhead, seconds.
 * @param {HTMLVideoElement} element
 */
export function aheadS({ buffered, currentTime }) {
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= currentTime && currentTime < buffered.end(i)) {
      return buffered.end(i) - currentTime;
    }
  }
  return 0;
}
