// @ts-check
/** What languages are called. */

/**
 * A language's name, in the page's own; empty where a film does not say.
 * @param {string} code ISO 639, of two letters or three, as files carry it
 */
export function languageName(code) {
  if (!code || code === "und") return "";
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
