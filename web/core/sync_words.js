// @ts-check
/**
 * How well somebody is in step, in words and numbers: errors, delays, the facts behind them.
 * Pure text; where it is shown is `web/ui`'s.
 */

/** @typedef {import("./messages.js").Status} Status */
/** @typedef {import("./messages.js").Limit} Limit */

/** The sync-check clip says its name in its metadata; the program brings it along. */
const SYNC_CHECK_TITLE = "Matinee sync check";
const HIDDEN = "The page is hidden, so it follows coarsely.";
/** @type {Record<Limit, string>} */
const LIMITS = {
  "": "",
  rate: "The browser can’t be corrected finely: up to 60 ms off is left alone.",
  frames: "There are no frames to measure by, so sync is coarse.",
};

/**
 * A quantity with its sign: `+3 ms`, `−1.2 s`, `0 ms`.
 * @param {number} valueMs
 */
export function signedMs(valueMs) {
  const rounded = Math.round(valueMs);
  const sign = rounded > 0 ? "+" : rounded < 0 ? "−" : "";
  const size = Math.abs(rounded);
  return size >= 1000 ? `${sign}${(size / 1000).toFixed(1)} s` : `${sign}${size} ms`;
}

/**
 * The error that is worth showing; null: none, or one that means nothing in this state.
 * @param {Status | undefined} status
 * @param {boolean} playing whether the film plays; an error at rest is none
 * @returns {number | null}
 */
export function errorShown(status, playing) {
  if (!playing) return null;
  if (status?.state !== "in_sync" && status?.state !== "catching_up") return null;
  return status.error_ms;
}

/**
 * An error as it is read aloud.
 * @param {number | null} errorMs
 */
export function spokenError(errorMs) {
  if (errorMs === null) return "not measured now";
  const size = Math.abs(Math.round(errorMs));
  if (size === 0) return "in step";
  return `${size} ${size === 1 ? "millisecond" : "milliseconds"} ${errorMs > 0 ? "ahead" : "behind"}`;
}

/**
 * What a device's delay makes it do.
 * @param {number} delayMs
 */
export function delayWords(delayMs) {
  const size = Math.abs(Math.round(delayMs));
  if (size === 0) return "none";
  return `plays ${size} ms ${delayMs > 0 ? "earlier" : "later"}`;
}

/**
 * What is known of somebody's sync, as pairs of a label and a value.
 * @param {Status} status
 * @param {boolean} playing whether the film plays
 * @returns {[label: string, value: string][]}
 */
export function syncFacts(status, playing) {
  const errorMs = errorShown(status, playing);
  const { error_minute_ms: minuteMs, rtt_ms: roundTripMs, clock_ms: clockMs } = status;
  const framesMs = errorMs === null ? null : status.frames_ms;
  const note = status.state === "away" ? HIDDEN : limitWords(status.limit);
  /** @type {[string, string][]} */
  const facts = [
    ["Error now", errorMs === null ? "–" : signedMs(errorMs)],
    ...(framesMs === null ? [] : [byItsDisplay(framesMs)]),
    ["Last minute, 95 %", minuteMs === null ? "–" : `within ${span(minuteMs)}`],
    ["Round trip", roundTripMs === null ? "–" : `${tenths(roundTripMs)} ms`],
    ["Clock", clockMs === null ? "–" : `± ${tenths(clockMs)} ms`],
    ["Delay set", delayWords(status.delay_ms)],
  ];
  return note ? [...facts, ["Note", note]] : facts;
}

/**
 * The graph of the last minute for somebody who does not see it.
 * @param {object} minute
 * @param {number | null} minute.errorMs the latest error
 * @param {number | null} minute.p95Ms
 * @param {number} minute.seeks
 */
export function minuteWords({ errorMs, p95Ms, seeks }) {
  if (p95Ms === null) return "Nothing was measured in the last minute: the film has not played.";
  const jumps = seeks === 0 ? "no jump" : seeks === 1 ? "1 jump" : `${seeks} jumps`;
  const now = errorMs === null ? "not measured" : signedMs(errorMs);
  return `Now ${now}. Last minute: 95 % within ${span(p95Ms)}, ${jumps}.`;
}

/**
 * What keeps a device from the precision that others have; empty: nothing.
 * @param {Limit} limit
 */
export function limitWords(limit) {
  return LIMITS[limit];
}

/**
 * What a person who calibrates is to do, given what the room plays.
 * @param {import("./store.js").State} state
 * @param {boolean} host whether they are the host
 * @returns {{ready: boolean, text: string}}
 */
export function calibrationWords({ item, timeline }, host) {
  if (item?.title !== SYNC_CHECK_TITLE) {
    const how = host
      ? "Start Matinee without a film to play it."
      : "Ask the host to play the sync check (in the window: File › Play sync check).";
    return { ready: false, text: `This needs a film that flashes and beeps at every second. ${how}` };
  }
  if (!timeline.playing) return { ready: false, text: "The sync check is paused. Play it first." };
  const other = host ? "another screen" : "the host’s screen";
  return {
    ready: true,
    text: `Watch and listen to this device beside ${other}. Press what is true of this device, `
      + "until both flash and beep together.",
  };
}

/**
 * @param {number} framesMs
 * @returns {[label: string, value: string]}
 */
function byItsDisplay(framesMs) {
  return ["Picture", `${signedMs(framesMs)} by its display`];
}

/** @param {number} valueMs */
function span(valueMs) {
  return valueMs >= 1000 ? `${(valueMs / 1000).toFixed(1)} s` : `${Math.round(valueMs)} ms`;
}

/** @param {number} valueMs */
function tenths(valueMs) {
  return Number(valueMs.toFixed(1));
}
