// @ts-check
/**
 * What a browser turned out to be unable to do, though it said that it could: so that a film
 * that failed in one form is asked for in another, each form at most once. Pure.
 */

/**
 * What this browser says of itself, as the host wants to know it.
 * @typedef {object} Capabilities
 * @property {boolean} direct whether it would play the file itself
 * @property {Record<string, boolean>} types which streams it would play in fragmented MP4, by MIME type
 * @property {boolean} mse whether a script may feed it
 * @property {boolean} native_hls whether it plays HLS by itself
 * @property {boolean} smooth whether it decodes the film's picture in time, as far as it knows
 */

/** @typedef {"all" | "sound"} Failure what was not played */

export class Doubts {
  #direct = false;
  #video = false;
  #audio = false;
  /** Whether it was said to be too slow for the film's own picture. */
  #slow = false;
  #hurried = false;

  /** Whether the file itself was tried, and failed. */
  get direct() {
    return this.#direct;
  }

  /**
   * A film failed in this form.
   * @param {import("./messages.js").Form} form
   * @param {Failure} failure
   * @returns {boolean} whether it is worth asking for another form; false: nothing is left to try
   */
  learn(form, failure) {
    if (form === "direct" && !this.#direct) {
      this.#direct = true;
      return true;
    }
    if (form === "convert" && this.#slow && failure === "all") { // then rather slowly than not at all
      this.#slow = false;
      this.#hurried = true;
      return true;
    }
    if (form === "" || form === "direct" || (failure === "all" ? this.#video : this.#audio)) return false;
    this.#direct = true;
    // Sound may be copied beside a picture that is made anew.
    this.#audio = true;
    this.#video ||= failure === "all";
    return true;
  }

  /**
   * What it can, less what it failed at. Nothing is said of the latter: of a codec that a film
   * comes in and that films are made anew in, "can't" would rule out the one with the other.
   * @param {Capabilities} said
   * @returns {Capabilities}
   */
  correct(said) {
    this.#slow = !said.smooth && !this.#hurried;
    const doubted = (/** @type {string} */ mime) =>
      (this.#video && mime.startsWith("video/")) || (this.#audio && mime.startsWith("audio/"));
    const types = Object.entries(said.types).filter(([mime]) => !doubted(mime));
    const direct = said.direct && !this.#direct;
    return { ...said, direct, types: Object.fromEntries(types), smooth: !this.#slow };
  }
}
