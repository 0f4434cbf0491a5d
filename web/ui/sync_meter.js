// @ts-check
/**
 * How well one person is in step, in their row of the people panel: a needle that rests in the
 * middle when they are, the number beside it, and the facts behind it for who unfolds them.
 */
import { errorShown, signedMs, spokenError, syncFacts } from "../core/sync_words.js";
import { make, setText } from "./elements.js";

/** @typedef {import("../core/messages.js").Status} Status */

/** What the ends of the meter mean; a needle past them stays there. */
const SCALE_MS = 50;

export class SyncMeter {
  /** Unfolded below the row; what is folded is not kept up to date. */
  facts = make("dl", "facts");
  #meter = make("span", "meter");
  #needle = make("span", "needle");
  #error = make("span", "offset");
  #more = /** @type {HTMLButtonElement} */ (make("button", "more"));
  /** @type {Status | undefined} */
  #status;
  #playing = false;
  #shown = "";

  constructor() {
    this.#meter.setAttribute("role", "meter");
    this.#meter.setAttribute("aria-valuemin", String(-SCALE_MS));
    this.#meter.setAttribute("aria-valuemax", String(SCALE_MS));
    this.#meter.append(this.#needle);
    this.#more.type = "button";
    this.#more.addEventListener("click", ({ detail }) => {
      this.#unfold(Boolean(this.facts.hidden));
      // Pressed by a pointer it gives the focus back: the next Space is the film's.
      if (detail > 0) this.#more.blur();
    });
    this.#unfold(false);
  }

  /** The parts that belong in a row's line, in their order. */
  get line() {
    return [this.#meter, this.#error, this.#more];
  }

  /**
   * @param {string} name whose it is
   * @param {Status | undefined} status undefined: nothing is known
   * @param {boolean} playing whether the film plays
   */
  render(name, status, playing) {
    this.#status = status;
    this.#playing = playing;
    const errorMs = errorShown(status, playing);
    setText(this.#error, errorMs === null ? "" : signedMs(errorMs));
    this.#more.hidden = !status;
    if (!status) this.#unfold(false);
    this.#meter.hidden = errorMs === null;
    this.#more.setAttribute("aria-label", `Sync details: ${name}`);
    this.#point(name, errorMs);
    if (!this.facts.hidden) this.#fill();
  }

  /**
   * @param {string} name
   * @param {number | null} errorMs
   */
  #point(name, errorMs) {
    const words = `${name} ${spokenError(errorMs)}`;
    if (words === this.#shown) return;
    this.#shown = words;
    const atMs = Math.min(SCALE_MS, Math.max(-SCALE_MS, errorMs ?? 0));
    this.#needle.style.setProperty("--at", String(atMs / SCALE_MS));
    this.#meter.setAttribute("aria-label", `Sync of ${name}`);
    this.#meter.setAttribute("aria-valuenow", String(Math.round(atMs)));
    this.#meter.setAttribute("aria-valuetext", spokenError(errorMs));
    this.#meter.title = `${spokenError(errorMs)}; the ends are ±${SCALE_MS} ms`;
  }

  /** @param {boolean} open */
  #unfold(open) {
    this.facts.hidden = !open;
    this.#more.setAttribute("aria-expanded", String(open));
    if (open) this.#fill();
  }

  #fill() {
    if (!this.#status) return;
    const facts = syncFacts(this.#status, this.#playing).flat();
    if (this.facts.children.length !== facts.length) {
      this.facts.replaceChildren(...facts.map((_, i) => make(i % 2 ? "dd" : "dt", "")));
    }
    facts.forEach((text, i) => setText(/** @type {HTMLElement} */ (this.facts.children[i]), text));
  }
}
