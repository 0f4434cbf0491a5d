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
