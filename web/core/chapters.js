// @ts-check
/** Chapters of a film, as the slider shows them. Pure. */

/**
 * @typedef {object} ChapterCue media-chrome's shape
 * @property {string} text
 * @property {number} startTime
 * @property {number} endTime
 */

/** @type {readonly ChapterCue[]} */
const NONE = Object.freeze([]);
/** @type {WeakMap<object, readonly ChapterCue[]>} */
const made = new WeakMap();

/**
 * The chapters of a film from its beginning to its end, without a gap: media-chrome draws one
 * segment for each. The same list for the same film, so that nothing is drawn anew.
 * @param {import("./messages.js").Item | null} item
 * @returns {readonly ChapterCue[]}
 */
export function chapterCues(item) {
  if (!item || item.chapters.length === 0) return NONE;
  const known = made.get(item);
  if (known) return known;
  const starts = item.chapters.filter(({ start_s: startS }) => startS < item.duration_s);
  const cues = starts.map(({ start_s: startS, title }, index) => ({
    text: title || `Chapter ${index + 1}`,
    startTime: startS,
    endTime: starts[index + 1]?.start_s ?? item.duration_s,
  }));
  if (cues[0]?.startTime > 0) cues.unshift({ text: "", startTime: 0, endTime: cues[0].startTime });
  made.set(item, cues);
  return cues;
}

/**
 * The name of the chapter at a media time; empty where there is none.
 * @param {import("./messages.js").Item | null} item
 * @param {number} timeS
 */
export function chapterAt(item, timeS) {
  return chapterCues(item).findLast(({ startTime }) => startTime <= timeS)?.text ?? "";
}
