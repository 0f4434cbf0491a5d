// @ts-check
/** The soundtracks of a film: which one is meant, and what to call it. Pure. */

/**
 * @typedef {import("./messages.js").Item} Item
 * @typedef {import("./messages.js").AudioTrack} AudioTrack
 */

const CHANNELS = Object.freeze({ 1: "mono", 2: "stereo", 6: "5.1", 8: "7.1" });

/**
 * The one that is heard when nobody chooses.
 * @param {Item | null} item
 * @returns {AudioTrack | undefined}
 */
export function defaultTrack(item) {
  const tracks = item?.audio_tracks ?? [];
  return tracks.find((track) => track.default) ?? tracks[0];
}

/**
 * What to ask the host for: null where the choice is what the file itself would play.
 * @param {Item | null} item
 * @param {number | null} chosen `AudioTrack.index`
 * @returns {number | null}
 */
export function soundtrackFor(item, chosen) {
  if (chosen === null || chosen === defaultTrack(item)?.index) return null;
  return item?.audio_tracks.some(({ index }) => index === chosen) ? chosen : null;
}

/**
 * "French · Director's comments · 5.1"; without a language or title, its number.
 * @param {AudioTrack} track
 * @param {(code: string) => string} languageName a language's name, by its code
 */
export function trackWords({ index, language, title, channels }, languageName) {
  const known = language && language !== "und" ? languageName(language) : "";
  const name = [known, title].filter(Boolean);
  if (name.length === 0) name.push(`Track ${index + 1}`);
  const layout = /** @type {Record<number, string>} */ (CHANNELS)[channels];
  return [...name, layout ?? `${channels} channels`].join(" · ");
}
