// @ts-check
/**
 * Where the film's bytes come from: asks the host in which form this browser gets the film, and
 * puts that into the element: the file itself, or a stream of segments. When a form fails here
 * it asks for a simpler one, each once. It knows neither time nor the room.
 */
import { Doubts } from "../core/doubts.js";
import { capabilitiesFor } from "./capabilities.js";
import { fetchPlan, fileUrl } from "./plan.js";
import { loadLibrary, Stream } from "./stream.js";

/** Until the host has answered. @type {import("../core/quality.js").Quality[]} */
const NOTHING_TO_CHOOSE = [];
/** What the file itself is made of. @type {string[]} */
const NO_RENDITIONS = [];
/** A host that had no answer is asked again after this long, milliseconds. */
const ASK_AGAIN_MS = 3000;

/**
 * @typedef {import("../core/messages.js").Item} Item
 * @typedef {import("./plan.js").Plan} Plan
 * @typedef {import("../core/doubts.js").Failure} Failure
 * @typedef {object} Choice
 * @property {import("../core/quality.js").Quality} quality
 * @property {number | null} audio
 * @property {boolean} [automatic] whether nobody chose that, but the network calls for it
 * @property {number} [bits_per_s] what the network bears: the host may give less than `quality`
 */

export class Source {
  #element;
  #attached;
  #failed;
  #changed;
  /** @type {Item | null} */
  #item = null;
  /** @type {Choice} */
  #choice = { quality: "original", audio: null };
  #doubts = new Doubts();
  #ladder = NOTHING_TO_CHOOSE;
  /** @type {Plan | null} */
  #plan = null;
  /** @type {Stream | null} */
  #stream = null;
  #src = "";
  /** An address that failed: it is not tried again by itself. */
  #failedUrl = "";
  /** Whether it was seen there, and only not heard. */
  #unheard = false;
  /** Whether it was the host that failed, not this browser. */
  #refused = false;
  /** Each question overtakes the one before. */
  #turn = 0;

  /**
   * @param {HTMLVideoElement} element
   * @param {object} listeners
   * @param {() => void} listeners.attached the element begins from nothing
   * @param {(what: "network" | "media" | "reset" | "host" | "none" | "silent", why: string, failure?: Failure) => void} listeners.failed
   *   it can't be had now; the stream broke; the host can't make it, or its sound, and says why;
   *   no form is left that could be played, or be heard
   * @param {() => void} listeners.changed what is said here of the source did
   */
  constructor(element, { attached, failed, changed }) {
    this.#element = element;
    this.#attached = attached;
    this.#failed = failed;
    this.#changed = changed;
  }

  /**
   * In which form the film comes; empty while nothing is attached.
   * @returns {import("../core/messages.js").Form}
   */
  get form() {
    const kind = this.#plan?.kind ?? "none";
    return kind === "none" ? "" : kind;
  }

  /** Why it does not come in a simpler form: the weightiest reason. */
  get reason() {
    if (this.#refused && this.form === "convert") return "the host can’t send it as it is";
    const [weightiest = ""] = this.#plan?.reasons ?? [];
    return weightiest || (this.#doubts.direct ? "the file itself failed in this browser" : "");
  }

  /** @returns {import("../core/quality.js").Quality | ""} */
  get quality() {
    return this.form ? (this.#plan?.quality ?? "") : "";
  }

  /** The names of what the host makes of it for this browser. */
  get renditions() {
    return this.#plan?.renditions ?? NO_RENDITIONS;
  }

  /** What may be chosen of this film, as the host said last. */
  get ladder() {
    return this.#ladder;
  }

  /** Where to look whether it can be had at all. */
  get address() {
    return this.#plan?.url ?? (this.#item ? fileUrl(this.#item.id) : "");
  }

  /** How much faster data comes than it plays; null where that can't be seen. */
  get ratio() {
    return this.#stream?.ratio ?? null;
  }

  /** What the network brought lately; null where that can't be seen. */
  get bitsPerS() {
    return this.#stream?.bitsPerS ?? null;
  }

  /** Why nothing more comes of it at the moment, as the host says it; empty: it comes. */
  get obstacle() {
    return this.#stream?.obstacle ?? "";
  }

  /** Whether the host has answered, and what it said is in the element. */
  get settled() {
    return this.#plan !== null;
  }

  /** Whether the element still holds what was put there, and nothing else. */
  get intact() {
    if (this.#stream) return this.#stream.intact;
    return (this.#element.getAttribute("src") ?? "") === this.#src;
  }

  /**
   * Another film, or none.
   * @param {Item | null} item
   * @param {Choice} choice
   */
  open(item, choice) {
    this.#item = item;
    this.#choice = choice;
    this.#doubts = new Doubts();
    this.#refused = false;
    this.#ladder = NOTHING_TO_CHOOSE;
    this.reload();
  }

  /** The same once more, from nothing. */
  reload() {
    this.#turn += 1;
    this.#plan = null;
    this.#failedUrl = "";
    this.#clear();
    this.#element.load();
    this.#attached();
    if (this.#item) this.#ask();
  }

  /** Forget what failed: somebody wants it tried again. */
  forgive() {
    this.#doubts = new Doubts();
    this.#refused = false;
  }

  /**
   * Another quality, another soundtrack: what is in the element stays until the other can come.
   * @param {Choice} choice
   */
  choose(choice) {
    const { quality, audio, bits_per_s } = this.#choice;
    if (choice.quality === quality && choice.audio === audio && choice.bits_per_s === bits_per_s) return;
    this.#choice = choice;
    if (this.#item) this.#ask();
  }

  /**
   * What is in the element was not played. Whether another form is asked for.
   * @param {Failure} failure
   * @param {boolean} byHost because the host could not make it
   */
  fallBack(failure, byHost = false) {
    if (!this.#plan || this.#plan.unplanned || !this.#doubts.learn(this.form, failure)) return false;
    this.#failedUrl = this.#plan.url;
    this.#refused = byHost;
    this.#unheard = failure === "sound" && !byHost;
    this.#ask();
    return true;
  }

  async #ask() {
    const turn = ++this.#turn;
    const item = /** @type {Item} */ (this.#item);
    try {
      const said = this.#doubts.correct(await capabilitiesFor(item, this.#element));
      // It will be needed: let it come while the host thinks. What fails here fails again below.
      if (said.mse && !said.direct) loadLibrary().catch(() => {});
      const plan = await fetchPlan(item.id, { ...said, ...this.#choice });
      const streamed = plan.kind === "remux" || plan.kind === "convert";
      const Hls = streamed && said.mse ? await loadLibrary() : null;
      if (turn === this.#turn) this.#take(plan, Hls);
    } catch (error) {
      if (turn !== this.#turn) return;
      // What plays, plays on; where nothing does, it is tried again from nothing.
      if (!this.form) this.#failed("network", String(error));
      else setTimeout(() => turn === this.#turn && this.#ask(), ASK_AGAIN_MS);
    }
  }

  /**
   * @param {Plan} plan
   * @param {import("./stream.js").Hls | null} Hls what feeds the element; null: it plays the address
   */
  #take(plan, Hls) {
    const same = this.form && plan.url === this.#plan?.url;
    this.#plan = plan;
    this.#ladder = plan.ladder;
    if (same && plan.url === this.#failedUrl) this.#failed(this.#unheard ? "silent" : "none", "");
    else if (same) this.#changed();
    else this.#attach(plan, Hls);
  }

  /**
   * @param {Plan} plan
   * @param {import("./stream.js").Hls | null} Hls
   */
  #attach({ kind, url, reasons }, Hls) {
    this.#clear();
    if (Hls) {
      const stream = new Stream(Hls, this.#element, {
        failed: (what, why, failure) => stream === this.#stream && this.#failed(what, why, failure),
        changed: () => stream === this.#stream && this.#changed(),
      });
      this.#stream = stream;
      // The follower moves the element to where the room is; there the stream begins.
      this.#attached();
      stream.start(url);
      return;
    }
    if (kind !== "none") this.#element.src = this.#src = url;
    this.#element.load();
    this.#attached();
    if (kind === "none") this.#failed("none", reasons.join("; "));
  }

  #clear() {
    this.#stream?.close();
    this.#stream = null;
    this.#src = "";
    this.#element.removeAttribute("src");
  }
}
