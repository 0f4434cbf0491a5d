// @ts-check
/**
 * What is shown over the film and when: lines of text or pictures of text, read as they arrive
 * from the host, and which of them are due at an instant. Drawing is `ui/subtitle_overlay`'s.
 *
 * Twin of server/core/cues.py and, for what the host writes, of server/core/webvtt.py;
 * tests/vectors/cues.json runs in both. Text stays text: of its markup bold, italic and
 * underline become styles of runs, and whatever else stands in brackets is shown as it is.
 */

/**
 * @typedef {"start" | "center" | "end"} Anchor
 * @typedef {{text: string, bold: boolean, italic: boolean, underline: boolean}} Run
 *
 * Places are percent of the picture from its top left; null leaves the place to who watches.
 * @typedef {object} Cue
 * @property {number} startS media time
 * @property {number} endS
 * @property {Run[]} runs
 * @property {number | null} line how far down
 * @property {Anchor} lineAnchor what of the text lies there: top, middle, bottom
 * @property {number | null} position how far to the right
 * @property {Anchor} align what of the text lies there: left edge, middle, right edge
 *
 * Places are shares of the film's width and height.
 * @typedef {{n: number, startS: number, endS: number, x: number, y: number, width: number,
 *   height: number}} Picture
 */

/** Where the lower edge of what is raised lies, and the upper edge of what is at the top. */
const RAISED_TO = 0.84;
const TOP_FROM = 0.05;
const TIMING = /^(\d{2,}):(\d\d):(\d\d)\.(\d{3}) --> (\d{2,}):(\d\d):(\d\d)\.(\d{3})(.*)$/;
const TAG = /<(\/?)([biu])>/g;
/** @type {Record<string, string>} */
const CHARACTERS = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
/** @type {Record<string, Anchor>} */
const EDGES = {
  start: "start", center: "center", end: "end", "line-left": "start", "line-right": "end",
};

/** Reads the host's WebVTT piece by piece, cut anywhere. */
export class CueReader {
  #rest = "";

  /**
   * @param {string} text what arrived
   * @returns {Cue[]} the cues that are complete now
   */
  push(text) {
    const parts = (this.#rest + text).split("\n\n");
    this.#rest = /** @type {string} */ (parts.pop());
    return parts.map(cueOf).filter((cue) => cue !== null);
  }
}

/** Reads the host's list of pictures piece by piece: a JSON object with one picture a line. */
export class PictureReader {
  #rest = "";

  /**
   * @param {string} text what arrived
   * @returns {Picture[]} the pictures that are complete now
   */
  push(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = /** @type {string} */ (lines.pop());
    return lines.map(pictureOf).filter((picture) => picture !== null);
  }
}

/**
 * Everything of one track, by time; things may be added in any order.
 * @template {{startS: number, endS: number}} T
 */
export class Schedule {
  /** @type {T[]} */
  #items = [];
  #longestS = 0;

  get size() {
    return this.#items.length;
  }

  /** All of it, the earliest first. @returns {readonly T[]} */
  get items() {
    return this.#items;
  }

  /** @param {T[]} items what became known; what is there at the same time stays before it */
  add(items) {
    for (const item of items) {
      this.#items.splice(this.#after(item.startS), 0, item);
      this.#longestS = Math.max(this.#longestS, item.endS - item.startS);
    }
  }

  /**
   * @param {number} positionS media time
   * @returns {T[]} what is shown then, the earliest first
   */
  at(positionS) {
    const due = [];
    for (let index = this.#after(positionS) - 1; index >= 0; index--) {
      const item = this.#items[index];
      if (item.startS <= positionS - this.#longestS) break;
      if (positionS < item.endS) due.unshift(item);
    }
    return due;
  }

  /** How many begin at a time or before. @param {number} positionS */
  #after(positionS) {
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#items[middle].startS <= positionS) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Pictures where somebody wants them: those in the lower half move up, all alike. At the bottom
 * means where the film says; those in the upper half always stay, and others that come to the top
 * lie below them.
 * @param {readonly Picture[]} pictures
 * @param {import("./subtitle_choice.js").Place} place
 * @returns {Picture[]}
 */
export function placed(pictures, place) {
  const low = pictures.filter(isLow);
  if (place === "bottom" || low.length === 0) return [...pictures];
  const highEnds = pictures.filter((picture) => !isLow(picture)).map(({ y, height }) => y + height);
  const by = place === "top"
    ? Math.max(TOP_FROM, ...highEnds) - Math.min(...low.map(({ y }) => y))
    : RAISED_TO - Math.max(...low.map(({ y, height }) => y + height));
  return pictures.map((picture) => (isLow(picture) ? { ...picture, y: picture.y + Math.min(0, by) } : picture));
}

/** Whether it lies in the lower half. @param {Picture} picture */
export function isLow({ y, height }) {
  return y + height / 2 > 0.5;
}

/**
 * @param {string} block
 * @returns {Cue | null} null for what is no cue, such as the header
 */
function cueOf(block) {
  const [timing, ...lines] = block.split("\n");
  const match = TIMING.exec(timing);
  if (!match) return null;
  const [startS, endS] = [seconds(match.slice(1, 5)), seconds(match.slice(5, 9))];
  const runs = runsOf(lines.join("\n"));
  if (!runs.length || endS <= startS) return null;
  const settings = Object.fromEntries(
    match[9].split(" ").map((setting) => setting.split(":", 2)).filter(([, value]) => value),
  );
  const [line, lineAnchor] = placeOf(settings.line);
  const [position, edge] = placeOf(settings.position);
  const align = EDGES[settings.align] ?? "center";
  return {
    startS, endS, runs, line, position,
    lineAnchor: lineAnchor ?? "start",
    align: edge ?? align,
  };
}

/**
 * @param {string | undefined} setting such as `30%,center`
 * @returns {[number | null, Anchor | undefined]}
 */
function placeOf(setting) {
  const [percent, anchor] = (setting ?? "").split(",");
  const value = percent.endsWith("%") ? Number(percent.slice(0, -1)) : NaN;
  return value >= 0 && value <= 100 ? [value, EDGES[anchor]] : [null, undefined];
}

/** @param {string[]} parts hours, minutes, seconds, milliseconds */
function seconds([h, m, s, ms]) {
  return Number(h) * 3600 + Number(m) * 60 + Number(s) + Number(ms) / 1000;
}

/**
 * @param {string} marked
 * @returns {Run[]}
 */
function runsOf(marked) {
  /** @type {Run[]} */
  const runs = [];
  const style = { b: false, i: false, u: false };
  const add = (/** @type {string} */ escaped) => {
    const text = escaped.replace(/&(?:amp|lt|gt);/g, (name) => CHARACTERS[name]);
    if (text) runs.push({ text, bold: style.b, italic: style.i, underline: style.u });
  };
  let at = 0;
  for (const tag of marked.matchAll(TAG)) {
    add(marked.slice(at, tag.index));
    at = tag.index + tag[0].length;
    style[/** @type {"b" | "i" | "u"} */ (tag[2])] = !tag[1];
  }
  add(marked.slice(at));
  return runs;
}

/**
 * @param {string} line
 * @returns {Picture | null} null for what is no picture, such as the list's ends
 */
function pictureOf(line) {
  if (!line.startsWith('{"n"')) return null;
  try {
    const { n, start_s: startS, end_s: endS, x, y, width, height } = JSON.parse(
      line.replace(/,$/, ""),
    );
    const picture = { n, startS, endS, x, y, width, height };
    return Object.values(picture).every(Number.isFinite) ? picture : null;
  } catch {
    return null;
  }
}
