// @ts-check
/** Lists to choose from, written again only where they changed: one that is open stays open. */

/** @typedef {{value: string, words: string}} Offer */

/**
 * @param {HTMLSelectElement} select
 * @param {Offer[]} offers
 * @param {string} chosen
 */
export function fill(select, offers, chosen) {
  const shown = [...select.options].map(({ value, text }) => `${value} ${text}`).join("\n");
  if (shown !== offers.map(({ value, words }) => `${value} ${words}`).join("\n")) {
    select.replaceChildren(...offers.map(({ value, words }) => new Option(words, value)));
  }
  if (select.value !== chosen) select.value = chosen;
}

/** A language's name in the page's own. @param {string} code as a film says it, mostly ISO 639-2 */
export function languageName(code) {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
