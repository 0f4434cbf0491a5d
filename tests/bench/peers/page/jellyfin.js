// @ts-check
/**
 * The rule of Jellyfin's SyncPlay, as its web client's `syncPlay/core/PlaybackCore` has it, with
 * its constants; correction, which it ships switched off, is on.
 *
 * - A start in the future is a timer; one in the past plays at once, then seeks to where the
 *   others are. 1.5 s after a start, correction begins.
 * - A seek plays, seeks, waits until it plays there, and pauses: ready. Then comes the start.
 * - At a `timeupdate`, at most every 1.5 s: past 60 ms one second at whatever speed mends it,
 *   0.2 at the least; from 3 s a seek (past 400 ms where speed can't be used).
 *
 * Not here: its clock (the page's is exact) and the server's waiting for all to be ready.
 */
import { positionAt } from "../../../../web/core/timeline.js";

const SPEED_FROM_MS = 60;
const SPEED_BELOW_MS = 3000;
const SPEED_FOR_MS = 1000;
const SLOWEST = 0.2;
const SKIP_FROM_MS = 400;
const LOOK_EVERY_MS = SPEED_BELOW_MS / 2;

/** @typedef {import("../../../../web/core/timeline.js").Timeline} Line */

class SyncPlay {
  #film;
  /** @type {Line | null} */
  #line = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #command;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #correction;
  #correcting = false;
  #lookedMs = performance.now();

  /** @param {HTMLVideoElement} film */
  constructor(film) {
    this.#film = film;
    film.addEventListener("timeupdate", () => this.#look());
  }

  /** @param {Line} line */
  take(line) {
    const sought = this.#line?.playing && line.playing;
    this.#line = line;
    this.#clear();
    if (!line.playing) this.#pause(line);
    else if (sought) this.#seek(line);
    else this.#unpause(line);
  }

  /** @param {Line} line */
  #unpause(line) {
    const waitMs = line.at_s * 1000 - performance.now();
    if (waitMs > 0) {
      if ((this.#film.currentTime - line.position_s) * 1000 > SKIP_FROM_MS) {
        this.#film.currentTime = line.position_s;
      }
      this.#command = setTimeout(() => this.#play(), waitMs);
      return;
    }
    const groupS = positionAt(line, performance.now() / 1000, null);
    this.#film.addEventListener("play", () => (this.#film.currentTime = groupS), { once: true });
    this.#play();
  }

  #play() {
    this.#film.play().catch(() => {}); // a pause may overtake it
    this.#correctAfter(LOOK_EVERY_MS);
  }

  /** @param {Line} line */
  #seek(line) {
    const ready = () => {
      if (this.#line !== line) return;
      this.#film.pause();
      this.#unpause(line);
    };
    this.#film.addEventListener("playing", ready, { once: true });
    this.#film.play().catch(() => {});
    this.#film.currentTime = line.position_s;
  }

  /** @param {Line} line */
  #pause(line) {
    this.#film.pause();
    this.#film.currentTime = line.position_s;
  }

  #clear() {
    clearTimeout(this.#command);
    clearTimeout(this.#correction);
    this.#correcting = false;
    this.#film.playbackRate = 1;
  }

  /** @param {number} afterMs */
  #correctAfter(afterMs) {
    this.#correcting = false;
    clearTimeout(this.#correction);
    this.#correction = setTimeout(() => {
      this.#film.playbackRate = 1;
      this.#correcting = true;
    }, afterMs);
  }

  #look() {
    const nowMs = performance.now();
    if (!this.#line?.playing || nowMs - this.#lookedMs < LOOK_EVERY_MS) return;
    this.#lookedMs = nowMs;
    if (!this.#correcting) return;
    const groupS = positionAt(this.#line, nowMs / 1000, null);
    const lateMs = (groupS - this.#film.currentTime) * 1000;
    const offMs = Math.abs(lateMs);
    if (offMs >= SPEED_FROM_MS && offMs < SPEED_BELOW_MS) {
      const forMs = lateMs <= -SLOWEST * SPEED_FOR_MS ? offMs / (1 - SLOWEST) : SPEED_FOR_MS;
      this.#film.playbackRate = 1 + lateMs / forMs;
      this.#correctAfter(forMs);
    } else if (offMs >= SKIP_FROM_MS) {
      this.#film.currentTime = groupS;
      this.#correctAfter(LOOK_EVERY_MS);
    }
  }
}

/** @type {(film: HTMLVideoElement) => import("./page.js").Follower} */
export function follow(film) {
  const player = new SyncPlay(film);
  /** @type {Line | null} */
  let first = null;
  // The server starts a member once it has said that it can play.
  const ready = new Promise((resolve) => film.addEventListener("canplay", resolve, { once: true }));
  return (line) => {
    first = line;
    ready.then(() => {
      if (first === line) player.take(line);
    });
  };
}
