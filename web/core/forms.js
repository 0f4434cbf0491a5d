// @ts-check
/**
 * In words: in which form a film comes to somebody, and how far what they need is prepared.
 * Pure text; the reasons are the host's.
 */

/** @typedef {import("./messages.js").Form} Form */

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
 * What is being done, without how far it is: that does not change twice a second, and can be
 * read out.
 * @param {import("./messages.js").Preparation} preparation
 */
export function preparationNews({ what, state, place, message }) {
  if (state === "queued") {
    const queue = place > 1 ? `${place - 1} before it` : "it is next";
    return `Waiting to prepare the film: ${queue}.`;
  }
  if (message) return message;
  return what === "scan" ? "Reading through the film, so that all of it can be reached" : "Converting the film";
}

/** @param {import("./messages.js").Preparation} preparation */
export function preparationWords(preparation) {
  const { state, progress, left_s: leftS, behind } = preparation;
  const doing = preparationNews(preparation);
  if (state === "queued") return doing;
  const done = progress > 0 ? ` · ${Math.floor(progress * 100)} %` : "";
  const left = leftS === null ? "" : ` · about ${lengthWords(leftS)} left`;
  const next = behind === 1 ? "another quality is next" : `${behind} more qualities wait`;
  return `${doing}${done}${left}${behind ? ` · ${next}` : ""}`;
}

/**
 * For everyone, once, where the host has ended it; else empty.
 * @param {import("./messages.js").Preparation} preparation
 */
export function preparationEnd({ what, state }) {
  if (state !== "cancelled") return "";
  return what === "scan" ? "Reading through the film was stopped." : "Converting was stopped.";
}
