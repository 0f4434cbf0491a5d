// @ts-check
/**
 * Presented frames of a video element: their media time, the instant they are displayed, and
 * the media clock as it is just then. (On a timer Firefox's `currentTime` is up to 40 ms old.)
 * Where the browser has no `requestVideoFrameCallback`, or shows no frames (a hidden tab),
 * nothing is measured and `fresh` says so.
 */

/** Frames older than this tell nothing about now, seconds. */
const STALE_S = 0.5;
/** What has moved for so long without a frame has none, seconds. */
const NONE_S = 2;

/**
 * Instants on the local clock; all in seconds.
 * @typedef {(mediaTimeS: number, shownAtS: number, positionS: number, readAtS: number) => void} Presented
 */

export class Frames {
  #element;
  #presented;
  #lastS = -Infinity;
  /** Since when what could be shown goes by without a frame. @type {number | null} */
  #blindSinceS = null;

  /** Whether what plays has no frames: music, or a film of which only the sound comes. */
  none = false;

  /**
   * @param {HTMLVideoElement} element
   * @param {Presented} presented
   */
  constructor(element, presented) {
    this.#element = element;
    this.#presented = presented;
    if (this.supported) this.#await();
  }

  get supported() {
    return "requestVideoFrameCallback" in this.#element;
  }

  /**
   * @param {number} nowS local clock
   * @param {boolean} moving whether frames should be coming
   */
  fresh(nowS, moving) {
    if (!this.supported || document.hidden) return false;
    return !moving || nowS - this.#lastS < STALE_S;
  }

  /** Another film: it may have some. */
  begin() {
    this.none = false;
    this.#blindSinceS = null;
  }

  /**
   * Look whether there are any.
   * @param {number} nowS local clock
   * @param {boolean} flowing whether film that could be shown goes by
   */
  look(nowS, flowing) {
    if (!flowing || this.fresh(nowS, true) || document.hidden) this.#blindSinceS = null;
    else this.#blindSinceS ??= nowS;
    if (this.#blindSinceS !== null && nowS - this.#blindSinceS >= NONE_S) this.none = true;
  }

  #await() {
    this.#element.requestVideoFrameCallback((_calledMs, { mediaTime, expectedDisplayTime }) => {
      this.#await();
      const positionS = this.#element.currentTime;
      this.#lastS = performance.now() / 1000;
      this.none = false;
      this.#presented(mediaTime, expectedDisplayTime / 1000, positionS, this.#lastS);
    });
  }
}
