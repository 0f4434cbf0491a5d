// @ts-check
/**
 * Which subtitles somebody wants, and how they like them: pure. A choice is kept from film to
 * film by language, name and fullness, since tracks are numbered anew in each.
 */
import { languageAndTitle } from "./languages.js";

/**
 * @typedef {import("./messages.js").SubtitleTrack} SubtitleTrack
 * @typedef {"small" | "medium" | "large" | "huge"} Size
 * @typedef {"bottom" | "raised" | "top"} Place
 *
 * @typedef {object} Wanted
 * @property {"room" | "off" | "own"} follow the room's choice, none, or one's own
 * @property {string} id of the track that was chosen; means it only in the film it was chosen in
 * @property {string} item that film
 * @property {string} language of that track
 * @property {string} title of that track
 * @property {boolean} forced whether that track was one for who knows the film's language
 * @property {Size} size
 * @property {Place} place of lines that say nothing of their own place, and of pictures that lie low
 */

/** @type {readonly [Size, string][]} */
export const SIZES = [["small", "Small"], ["medium", "Medium"], ["large", "Large"], ["huge", "Huge"]];

/** @type {readonly [Place, string][]} */
export const PLACES = [["bottom", "Bottom"], ["raised", "Raised"], ["top", "Top"]];

/** @type {Readonly<Wanted>} */
export const UNASKED = Object.freeze({
  follow: "room", id: "", item: "", language: "", title: "", forced: false, size: "medium", place: "bottom",
});

/**
 * What was wanted before, from what was stored then.
 * @param {unknown} stored
 * @returns {Wanted}
 */
export function wantedFrom(stored) {
  const found = /** @type {Record<string, any>} */ (stored instanceof Object ? stored : {});
  const text = (/** @type {string} */ key) => (typeof found[key] === "string" ? found[key] : "");
  return {
    follow: ["room", "off", "own"].includes(found.follow) ? found.follow : "room",
    id: text("id"), item: text("item"), language: text("language"), title: text("title"),
    forced: found.forced === true,
    size: SIZES.some(([size]) => size === found.size) ? found.size : UNASKED.size,
    place: PLACES.some(([place]) => place === found.place) ? found.place : UNASKED.place,
  };
}

/**
 * The track to show; null for none.
 * @param {Wanted} wanted
 * @param {import("./messages.js").Item | null} item
 * @param {string | null} rooms the room's choice
 * @returns {SubtitleTrack | null}
 */
export function chosenTrack(wanted, item, rooms) {
  const tracks = item?.subtitle_tracks ?? [];
  const byId = (/** @type {string | null} */ id) => tracks.find((track) => track.id === id) ?? null;
  if (wanted.follow === "off") return null;
  if (wanted.follow === "room") return byId(rooms);
  if (wanted.item === item?.id) return byId(wanted.id);
  const alike = tracks.filter(({ language }) => language && language === wanted.language);
  const unlike = (/** @type {SubtitleTrack} */ { title, forced }) =>
    2 * Number(forced !== wanted.forced) + Number(title !== wanted.title);
  return alike.sort((a, b) => unlike(a) - unlike(b))[0] ?? null; // of equals the film's first
}

/**
 * @param {Wanted} wanted
 * @param {import("./messages.js").Item | null} item
 * @param {SubtitleTrack | null} track null: none
 * @returns {Wanted} with that track chosen
 */
export function withTrack(wanted, item, track) {
  if (!track) return { ...wanted, follow: "off" };
  const { id, language, title, forced } = track;
  return { ...wanted, follow: "own", id, item: item?.id ?? "", language, title, forced };
}

/**
 * What one press on a key makes of it: off, or what was there before, or what this person
 * most likely reads.
 * @param {Wanted} wanted
 * @param {import("./messages.js").Item | null} item
 * @param {string | null} rooms the room's choice
 * @param {readonly string[]} languages that this person reads, as the browser says, such as `en-GB`
 * @returns {Wanted}
 */
export function toggled(wanted, item, rooms, languages) {
  if (chosenTrack(wanted, item, rooms)) return { ...wanted, follow: "off" };
  const tracks = item?.subtitle_tracks ?? [];
  const before = wanted.id || wanted.language ? chosenTrack({ ...wanted, follow: "own" }, item, rooms) : null;
  const full = tracks.filter(({ forced }) => !forced);
  const read = languages.flatMap((wish) =>
    full.filter(({ language }) => language && sameLanguage(language, wish)));
  const theirs = chosenTrack({ ...wanted, follow: "room" }, item, rooms);
  const track = before ?? theirs ?? read[0] ?? full[0] ?? tracks[0];
  return track ? withTrack(wanted, item, track) : wanted;
}

/**
 * "English · Commentary"; without a language or a name, its number.
 * @param {SubtitleTrack} track
 * @param {number} index among the film's subtitles, from 0
 */
export function subtitleWords(track, index) {
  const { title, forced } = track;
  const name = languageAndTitle(track);
  if (name.length === 0) name.push(`Subtitles ${index + 1}`);
  return [...name, forced && !/forced/i.test(title) ? "forced" : ""].filter(Boolean).join(" · ");
}

/**
 * Whether a film's code, of two letters or three, means the language of a browser's tag.
 * @param {string} code
 * @param {string} tag
 */
function sameLanguage(code, tag) {
  const canonical = (/** @type {string} */ name) => {
    try {
      return new Intl.Locale(name).language;
    } catch {
      return name;
    }
  };
  return canonical(code) === canonical(tag);
}
