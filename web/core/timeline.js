// @ts-check
/**
 * The room's one truth: which item plays, and where it is at any instant.
 *
 * Owns the arithmetic between instants and media times. It does not decide who
 * may change a timeline (the server) nor how a player gets there (follower).
 * Twin of server/core/timeline.py; tests/vectors/timeline.json runs in both.
 */

/**
 * A straight line through media time, on the server's clock, as it comes over
 * the wire: seconds; `at_s` may lie ahead (a scheduled start).
 * @typedef {object} Timeline
 * @property {string | null} item_id opaque id; null while nothing is loaded
 * @property {number} position_s media time that holds at `at_s`
 * @property {number} at_s instant on the server's clock
 * @property {number} rate shared speed, 0.5 to 2, kept while paused
 * @property {boolean} playing whether media time advances after `at_s`
 * @property {boolean} ended rests on the last frame because the film ended
 * @property {number} [slew] by how much media time runs faster than `rate`, as a ratio (below 0:
 *   slower), while the room glides to where a screen is; 0 where left out
 * @property {number | null} [slew_until_s] when it is there: from then on the line goes on at
 *   `rate`, whether or not another timeline has come by then; null where nothing glides
 * @property {number} revision grows by one with each change
 */

// Frame numbers are computed from decimal seconds: k / 30 * 30 may fall just
// short of k. A millionth of a frame is far below any display's resolution.
const FRAME_EPSILON = 1e-6;
// Nobody sees a line begin so far from where another was.
const CONTINUOUS_S = 0.001;

/**
 * How fast media time advances while it plays, as a ratio.
 * @param {Timeline} timeline
 * @returns {number}
 */
export function slope(timeline) {
  return timeline.rate * (1 + (timeline.slew ?? 0));
}

/**
 * How far the room's glide moves the line, in seconds of media; infinite: for ever.
 * @param {Timeline} timeline
 */
export function glidesS({ rate, at_s, slew = 0, slew_until_s = null }) {
  if (slew === 0) return 0;
  return slew_until_s === null ? Infinity : Math.abs(rate * slew * (slew_until_s - at_s));
}

/**
 * The line that holds at an instant: a straight one once the room's glide is over. Who lost the
 * connection while it lasted hears of its end from nobody.
 * @param {Timeline} timeline
 * @param {number} nowS instant on the server's clock, in seconds
 * @returns {Timeline}
 */
export function straightened(timeline, nowS) {
  const untilS = timeline.slew_until_s ?? null;
  if (untilS === null || nowS < untilS || !timeline.playing) return timeline;
  const thereS = timeline.position_s + (untilS - timeline.at_s) * slope(timeline);
  return { ...timeline, position_s: thereS, at_s: untilS, slew: 0, slew_until_s: null };
}

/**
 * Whether a playing line goes on where another was, at most a little faster or slower. So it does
 * where the room glides, and where it is there: nobody has moved the film.
 * @param {Timeline} before
 * @param {Timeline} after
 */
export function goesOn(before, after) {
  if (!before.playing || !after.playing) return false;
  if (before.item_id !== after.item_id || before.rate !== after.rate) return false;
  return Math.abs(positionAt(before, after.at_s, null) - after.position_s) < CONTINUOUS_S;
}

/**
 * The media time, in seconds, that should be on screen at `nowS`.
 * @param {Timeline} timeline
 * @param {number} nowS instant on the server's clock, in seconds
 * @param {number | null} durationS length of the item; null while unknown
 * @returns {number}
 */
export function positionAt(timeline, nowS, durationS) {
  const line = straightened(timeline, nowS);
  let positionS = line.position_s;
  if (line.playing && nowS > line.at_s) positionS += (nowS - line.at_s) * slope(line);
  if (durationS !== null) positionS = Math.min(positionS, durationS);
  return Math.max(0, positionS);
}

/**
 * The instant, in server seconds, at which a media time is due. The line is
 * extended both ways, as though the timeline had always played.
 * @param {Timeline} timeline
 * @param {number} mediaTimeS
 * @returns {number}
 */
export function instantOf(timeline, mediaTimeS) {
  const instantS = timeline.at_s + (mediaTimeS - timeline.position_s) / slope(timeline);
  const line = straightened(timeline, instantS);
  return line === timeline ? instantS : instantOf(line, mediaTimeS);
}

/**
 * The number, from 0, of the frame that covers a position.
 * @param {number} positionS
 * @param {number} frameRate frames a second
 * @returns {number}
 */
export function frameIndex(positionS, frameRate) {
  return Math.floor(positionS * frameRate + FRAME_EPSILON);
}

/**
 * The middle of the frame that covers a position, in seconds: it means the
 * same frame to every browser, where a boundary does not. The end of the film
 * rests on the middle of its last frame.
 * @param {number} positionS
 * @param {number | null} frameRate null (variable or unknown): only clamped
 * @param {number | null} durationS length of the item; null while unknown
 * @returns {number}
 */
export function frameMiddle(positionS, frameRate, durationS) {
  const position = Math.max(0, positionS);
  if (frameRate === null) {
    return durationS === null ? position : Math.min(position, durationS);
  }
  const index = frameIndex(position, frameRate);
  if (durationS === null) return (index + 0.5) / frameRate;
  // The last frame is the last one whose middle lies within the film: sound
  // often outlasts the picture by a fraction of a frame.
  const last = Math.max(0, Math.floor(durationS * frameRate - 0.5 + FRAME_EPSILON));
  return Math.min((Math.min(index, last) + 0.5) / frameRate, durationS);
}
