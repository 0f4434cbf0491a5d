// @ts-check
/**
 * How playing went here in the last minute: watches the element and the follower, keeps what
 * they said in `core/error_history`, `core/smoothness` and `core/out_of_step`. It changes nothing.
 */
import { ErrorHistory } from "../core/error_history.js";
import { OutOfStep } from "../core/out_of_step.js";
import { showsAll, Smoothness } from "../core/smoothness.js";

export class Record {
  #element;
  #outOfStep;
  #smoothness = new Smoothness();
  /** Its instants are `performance.now() / 1000`. */
  history = new ErrorHistory();
  /** Between two refreshes of this display, seconds; null: not measured yet. @type {number | null} */
  refreshS = null;

  /**
   * @param {HTMLVideoElement} element
   * @param {number} leftAloneMs an error of this size is left alone here
   */
  constructor(element, leftAloneMs) {
    this.#element = element;
    this.#outOfStep = new OutOfStep(leftAloneMs);
  }

  /** Whether the film is too much for this device. */
  get slow() {
    return this.#smoothness.slow;
  }

  /** Whether it has been far off for a while, and is not back. */
  get outOfStep() {
    return this.#outOfStep.verdict;
  }

  /** What 95 % of the last minute's errors stay within; null: none was measured. */
  get errorMinuteMs() {
    return this.history.p95(performance.now() / 1000);
  }

  /** The player was told to do something. @param {import("../core/error_history.js").Deed["kind"]} kind */
  mark(kind) {
    this.history.mark(performance.now() / 1000, kind);
  }

  /** The room moved. */
  moved() {
    this.#outOfStep.forget();
  }

  /** Another film. */
  forget() {
    this.moved();
    this.history.forget();
    this.#smoothness.forget();
  }

  /**
   * @param {import("../core/observation.js").Status | null} status null: nobody follows now
   * @param {number | null} frameRate the film's, where it is constant
   */
  look(status, frameRate) {
    const localS = performance.now() / 1000;
    const playing = status?.state === "in_sync" || status?.state === "catching_up";
    const errorMs = playing ? status.errorMs : null;
    this.history.add(localS, errorMs);
    this.#outOfStep.look(localS, errorMs, status !== null && status.state !== "resting");
    if (playing && this.#showsAll(frameRate)) this.#smoothness.look(localS, () => this.#counts());
    else this.#smoothness.pause();
  }

  /**
   * Whether a frame that is not shown is one that this device had no time for.
   * @param {number | null} frameRate
   */
  #showsAll(frameRate) {
    const { paused, seeking, playbackRate } = this.#element;
    if (document.hidden || paused || seeking) return false;
    return showsAll((frameRate ?? 0) * playbackRate, this.refreshS);
  }

  #counts() {
    const { totalVideoFrames, droppedVideoFrames } = this.#element.getVideoPlaybackQuality();
    return { total: totalVideoFrames, dropped: droppedVideoFrames };
  }
}
