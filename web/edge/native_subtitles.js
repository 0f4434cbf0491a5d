// @ts-check
/**
 * An iPhone shows nothing of a page over a film in fullscreen; there the browser's own text track
 * takes over for as long as that lasts. Which lines there are is `subtitles`'s.
 */

/** @typedef {import("../core/cues.js").Cue} Cue */

const STYLES = /** @type {const} */ ([["bold", "b"], ["italic", "i"], ["underline", "u"]]);

export class NativeSubtitles {
  #film;
  #cues;
  #shown = false;
  /** @type {TextTrack | null} */
  #track = null;

  /**
   * @param {HTMLVideoElement} film
   * @param {() => readonly Cue[]} cues all that are known now
   */
  constructor(film, cues) {
    this.#film = film;
    this.#cues = cues;
    film.addEventListener("webkitbeginfullscreen", () => this.#show(true));
    film.addEventListener("webkitendfullscreen", () => this.#show(false));
  }

  /** Show what is known now, and nothing else. */
  replace() {
    const track = this.#track;
    if (!track) return;
    track.mode = "hidden"; // or it has no list of cues
    for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
    if (!this.#shown) return;
    this.add(this.#cues());
    track.mode = "showing";
  }

  /** @param {readonly Cue[]} cues what became known */
  add(cues) {
    if (this.#shown) for (const cue of cues) this.#track?.addCue(nativeCue(cue));
  }

  /** @param {boolean} shown */
  #show(shown) {
    this.#track ??= this.#film.addTextTrack("subtitles", "Matinee");
    this.#shown = shown;
    this.replace();
  }
}

/** @param {Cue} cue */
function nativeCue({ startS, endS, runs, line, position, align }) {
  const cue = new VTTCue(startS, endS, runs.map(marked).join(""));
  if (line !== null) {
    cue.snapToLines = false;
    cue.line = line;
  }
  if (position !== null) cue.position = position;
  cue.align = align;
  return cue;
}

/** @param {import("../core/cues.js").Run} run */
function marked(run) {
  const text = run.text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  return STYLES.reduce((inner, [style, tag]) => (run[style] ? `<${tag}>${inner}</${tag}>` : inner), text);
}
