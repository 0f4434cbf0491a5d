// @ts-check
/**
 * This device's delay: a slider, fine steps, and a way to find the right one by eye and ear.
 * What a delay does to playing is `edge/player`'s.
 */
import { boundedDelayMs } from "../core/delay.js";
import { isHost } from "../core/intents.js";
import { calibrationWords, delayWords } from "../core/sync_words.js";
import { byId, setText } from "./elements.js";

/** A drag, or a row of presses, is one change made where it rests: some cost the film a jump. */
const REST_MS = 250;
const FINE_MS = 1;
const PRESS_MS = 5;

export class DelaySetting {
  #slider = /** @type {HTMLInputElement} */ (byId("delay"));
  #calibrate = byId("calibrate");
  #apply;
  #delayMs;
  #calibrating = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {number} delayMs as remembered
   * @param {(delayMs: number) => void} apply
   */
  constructor(delayMs, apply) {
    this.#apply = apply;
    this.#delayMs = delayMs;
    this.#slider.addEventListener("input", () => this.#set(Number(this.#slider.value)));
    /** @type {[string, number][]} */
    const steps = [
      ["delay-less", -FINE_MS], ["delay-more", FINE_MS],
      ["is-early", -PRESS_MS], ["is-late", PRESS_MS],
    ];
    for (const [id, stepMs] of steps) {
      byId(id).addEventListener("click", () => this.#set(this.#delayMs + stepMs));
    }
    byId("delay-reset").addEventListener("click", () => this.#set(0));
    this.#show();
  }

  get calibrating() {
    return this.#calibrating;
  }

  /**
   * Show or hide what is needed to calibrate.
   * @param {boolean} calibrating
   * @param {import("../core/store.js").State} state
   */
  calibrate(calibrating, state) {
    this.#calibrating = calibrating;
    this.#calibrate.setAttribute("aria-pressed", String(calibrating));
    setText(this.#calibrate, calibrating ? "Done" : "Calibrate");
    this.render(state);
  }

  /** @param {import("../core/store.js").State} state */
  render(state) {
    const { ready, text } = calibrationWords(state, isHost(state));
    byId("calibrate-text").hidden = !this.#calibrating;
    setText(byId("calibrate-text"), text);
    byId("calibrate-presses").hidden = !this.#calibrating || !ready;
  }

  /** @param {number} delayMs */
  #set(delayMs) {
    this.#delayMs = boundedDelayMs(delayMs);
    this.#show();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#apply(this.#delayMs), REST_MS);
  }

  #show() {
    // Its steps are coarser than what may be set: the thumb is then near enough.
    this.#slider.value = String(this.#delayMs);
    this.#slider.setAttribute("aria-valuetext", delayWords(this.#delayMs));
    setText(byId("delay-value"), delayWords(this.#delayMs));
  }
}
