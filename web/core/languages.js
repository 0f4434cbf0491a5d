// @ts-check
/** What languages are called, and tracks in them. */

/**
 * A language's name; empty where a film does not say.
 * @param {string} code ISO 639, of two letters or three, as files carry it
 */
function languageName(code) {
  if (!code || code === "und") return "";
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/**
 * What a track says of itself, each once: its language and its title.
 * @param {{language: string, title: string}} track
 */
export function languageAndTitle({ language, title }) {
  const known = languageName(language);
  return [known, title.toLowerCase() === known.toLowerCase() ? "" : title].filter(Boolean);
}
