// @ts-check
/**
 * In words: in which form a film comes to somebody, and how far what they need is prepared.
 * Pure text; the reasons are the host's.
 */

/** @typedef {import("./messages.js").Form} Form */
/** @typedef {import("./messages.js").Preparation} Preparation */

/** @type {Readonly<Record<Form, string>>} */
const SHORT = Object.freeze({ "": "", direct: "", remux: "repacked", convert: "converted" });

/**
 * For the row of a person: "converted: this browser can’t play AV1". The film itself needs no word.
 * @param {Form} form
 * @param {string} reason
 */
export function formNote(form, reason) {
  return [SHORT[form], SHORT[form] && reason].filter(Boolean).join(": ");
}

/**
 * For the person themselves, once: "Converted for this browser: it can’t play AV1."
 * @param {Form} form
 * @param {string} reason
 */
export function formNews(form, reason) {
  // Who chose a quality need not be told.
  if (form !== "convert" || reason.endsWith("is chosen")) return "";
  if (reason.startsWith("the network")) return `Less for now: ${reason}.`;
  const why = reason.replace(/^this browser\b/, "it");
  return why ? `Converted for this browser: ${why}.` : "Converted for this browser.";
}

/**
 * A length of time as people say it: "20 s", "3 min", "2 h 10 min".
 * @param {number} seconds
 */
export function lengthWords(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${Math.max(1, Math.round(seconds))} s`;
  if (minutes < 60) return `${minutes} min`;
  return [`${Math.floor(minutes / 60)} h`, minutes % 60 ? `${minutes % 60} min` : ""].join(" ").trim();
}

/**
 * Who is told of a preparation: the names of what they get the film made of, and whether the whole
 * queue is theirs to see.
 * @typedef {{renditions: string[], host: boolean}} Viewer
 */

/**
 * The place in the queue of what somebody waits for, from 1; 0: nothing of theirs is in it.
 * @param {Preparation} preparation
 * @param {Viewer} viewer
 */
export function placeInLine({ waiting = [] }, { renditions }) {
  return waiting.find(({ rendition }) => renditions.includes(rendition))?.place ?? 0;
}

/**
 * What is being done, without how far it is: that does not change twice a second, and can be
 * read out. Empty where it is no concern of theirs.
 * @param {Preparation} preparation
 * @param {Viewer} viewer
 */
export function preparationNews(preparation, viewer) {
  const place = placeInLine(preparation, viewer);
  const before = place > 1 ? `${place - 1} before you` : "you are next";
  const own = place ? `Your film waits to be converted: ${before}.` : "";
  return [own, seesWork(preparation, viewer) ? work(preparation) : ""].filter(Boolean).join(" ");
}

/**
 * @param {Preparation} preparation
 * @param {Viewer} viewer
 */
export function preparationWords(preparation, viewer) {
  const { state, progress, left_s: leftS, waiting = [] } = preparation;
  const news = preparationNews(preparation, viewer);
  if (state === "queued" || !seesWork(preparation, viewer)) return news;
  const done = progress > 0 ? ` · ${Math.floor(progress * 100)} %` : "";
  const left = leftS === null ? "" : ` · about ${lengthWords(leftS)} left`;
  const next = waiting.length === 1 ? "another quality is next" : `${waiting.length} more qualities wait`;
  return `${news}${done}${left}${viewer.host && waiting.length > 0 ? ` · ${next}` : ""}`;
}

/**
 * Whether somebody sees what is done, and not only their own place.
 * @param {Preparation} preparation
 * @param {Viewer} viewer
 */
function seesWork(preparation, viewer) {
  return viewer.host || (preparation.state !== "queued" && placeInLine(preparation, viewer) === 0);
}

/** @param {Preparation} preparation */
function work({ what, state, place, waiting = [], repacks, message }) {
  if (state === "queued") {
    const before = place > 1 ? `${place - 1} before it` : "it is next";
    const more = waiting.length > 2 ? `${waiting.length - 1} more qualities wait` : "Another quality waits";
    return `Waiting to prepare the film: ${before}.${waiting.length > 1 ? ` ${more} behind it.` : ""}`;
  }
  if (message) return message;
  if (what === "scan") return "Reading through the film, so that all of it can be reached";
  return repacks ? "Repacking the film" : "Converting the film";
}

/**
 * For everyone, once, where the host has ended it; else empty.
 * @param {Preparation} preparation
 */
export function preparationEnd({ what, state }) {
  if (state !== "cancelled") return "";
  return what === "scan" ? "Reading through the film was stopped." : "Converting was stopped.";
}
