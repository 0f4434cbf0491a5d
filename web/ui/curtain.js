// @ts-check
/**
 * The curtain over a film that does not play: what is going on, in words that may change many
 * times while one waits, and the button where a press helps.
 */
import { preparationWords } from "../core/forms.js";
import { isHost } from "../core/intents.js";
import { byId, setText } from "./elements.js";

/** Buffering that passes at once is not worth a word. */
const PATIENCE_MS = 700;

/**
 * @typedef {import("../core/store.js").State} State
 * @typedef {import("../edge/player.js").Playback} Playback
 */

export class Curtain {
  #frame = byId("curtain");
  #text = byId("curtain-text");
  #button = byId("curtain-button");
  #spoken = byId("curtain-spoken");
  /** @type {ReturnType<typeof setTimeout> | null} */
  #rising = null;
  /** What it shall say, as it was told last. */
  #words = "";
  #kind = "";

  /** @param {() => void} start called within the press that lifts the autoplay rule */
  constructor(start) {
    this.#button.addEventListener("click", (event) => {
      event.stopPropagation();
      start();
    });
  }

  /**
   * @param {Playback} playback
   * @param {State} state
   */
  show({ state: playing, reason, obstacle, blocked, renditions }, state) {
    const why = playing === "cannot_play" ? reason : obstacle;
    const words = curtainWords(playing, why, blocked, renditions, state);
    const kind = blocked ? "blocked" : state.item ? playing : "empty";
    if (words === this.#words && kind === this.#kind) return;
    this.#words = words;
    this.#kind = kind;
    const mayPass = words !== "" && isWaiting(kind) && this.#frame.hidden === true;
    // Words that change while it is still to rise don't put it off.
    if (mayPass) this.#rising ??= setTimeout(() => this.#draw(), PATIENCE_MS);
    else this.#draw();
  }

  #draw() {
    if (this.#rising !== null) clearTimeout(this.#rising);
    this.#rising = null;
    const words = this.#words;
    setText(this.#text, words);
    this.#button.hidden = this.#kind !== "blocked" && this.#kind !== "cannot_play";
    setText(this.#button, this.#kind === "blocked" ? "Press to start the film" : "Try again");
    this.#frame.hidden = words === "";
    this.#frame.dataset.kind = this.#kind;
    // What is being prepared is told where all see it; a wait that ends by itself is not read out.
    setText(this.#spoken, isWaiting(this.#kind) ? "" : words);
  }
}

/** @param {string} kind */
function isWaiting(kind) {
  return kind === "buffering" || kind === "loading";
}

/**
 * @param {import("../core/messages.js").PlaybackState} playing
 * @param {string} why it can't be played, or must be waited for
 * @param {boolean} blocked
 * @param {string[]} renditions what the film is made of here
 * @param {State} state
 */
function curtainWords(playing, why, blocked, renditions, state) {
  if (blocked) return "This browser wants a press before it plays.";
  if (!state.item) return "No film is open yet. It starts here as soon as the host opens one.";
  if (playing === "cannot_play") return why;
  if (isWaiting(playing) && why) return why;
  const { preparation } = state;
  const prepared = preparation ? preparationWords(preparation, { renditions, host: isHost(state) }) : "";
  if (isWaiting(playing) && prepared) return prepared;
  if (playing === "buffering") return "Buffering…";
  if (playing === "loading") return "Loading the film…";
  return "";
}
