// @ts-check
/**
 * The soundtracks of a film: which one is meant, and what to call it. Pure. A choice is kept from
 * film to film by language and name, since tracks are numbered anew in each.
 */
import { languageAndTitle } from "./languages.js";

/**
 * @typedef {import("./messages.js").Item} Item
 * @typedef {import("./messages.js").AudioTrack} AudioTrack
 *
 * @typedef {object} Wanted somebody's own choice
 * @property {number} index of the track; means it only in the film it was chosen in
 * @property {string} item that film
 * @property {string} language of that track
 * @property {string} title of that track
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
 * What was wanted before, from what was stored then; null: what the room hears.
 * @param {unknown} stored
 * @returns {Wanted | null}
 */
export function wantedFrom(stored) {
  const { index, item, language, title } = /** @type {Record<string, any>} */ (stored ?? {});
  const whole = Number.isInteger(index) && [item, language, title].every((text) => typeof text === "string");
  return whole ? { index, item, language, title } : null;
}

/**
 * @param {Item | null} item
 * @param {number | null} index `AudioTrack.index`
 * @returns {Wanted | null} the wish for that track
 */
export function wantedTrack(item, index) {
  const track = item?.audio_tracks.find((one) => one.index === index);
  if (!item || !track) return null;
  return { index: track.index, item: item.id, language: track.language, title: track.title };
}

/**
 * The track of this film that is meant; null: none of it.
 * @param {Wanted | null} wanted
 * @param {Item | null} item
 * @returns {number | null} `AudioTrack.index`
 */
export function ownTrack(wanted, item) {
  if (!wanted || !item) return null;
  if (wanted.item === item.id) return wanted.index;
  const { language, title } = wanted;
  if (!language || language === "und") return null;
  const alike = item.audio_tracks.filter((track) => track.language === language);
  const best = alike.find((track) => track.title === title) ?? alike.find((track) => track.default) ?? alike[0];
  return best?.index ?? null;
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
 */
export function trackWords(track) {
  const { index, channels } = track;
  const name = languageAndTitle(track);
  if (name.length === 0) name.push(`Track ${index + 1}`);
  const layout = /** @type {Record<number, string>} */ (CHANNELS)[channels];
  return [...name, layout ?? `${channels} channels`].join(" · ");
}
