// @ts-check
/**
 * Media keys, headset buttons, lock screens and picture-in-picture buttons: what they ask for
 * becomes a wish like any other, and they show the room's state instead of the element's.
 */

import { coverUrl } from "./poster.js";

/** @typedef {import("../core/intents.js").Wish} Wish */

const NUDGE_S = 10;

export class MediaKeys {
  #session = navigator.mediaSession;
  /** @type {import("../core/messages.js").Item | null} */
  #item = null;
  /** @type {import("../core/timeline.js").Timeline | null} */
  #timeline = null;

  /** @param {(wish: Wish) => void} ask */
  constructor(ask) {
    /** @type {[MediaSessionAction, (details: MediaSessionActionDetails) => Wish][]} */
    const handlers = [
      ["play", () => ({ kind: "play" })],
      ["pause", () => ({ kind: "pause" })],
      ["stop", () => ({ kind: "pause" })],
      ["seekbackward", ({ seekOffset }) => ({ kind: "nudge", byS: -(seekOffset || NUDGE_S) })],
      ["seekforward", ({ seekOffset }) => ({ kind: "nudge", byS: seekOffset || NUDGE_S })],
      ["seekto", ({ seekTime }) => ({ kind: "seek", positionS: seekTime ?? NaN })],
    ];
    for (const [action, wishOf] of handlers) {
      try {
        this.#session?.setActionHandler(action, (details) => ask(wishOf(details)));
      } catch {
        // This browser does not know the action.
      }
    }
  }

  /**
   * @param {import("../core/store.js").State} state
   * @param {number} positionS where the film is now
   */
  show({ item, timeline, room }, positionS) {
    const session = this.#session;
    if (!session || (item === this.#item && timeline === this.#timeline)) return;
    const another = item?.id !== this.#item?.id;
    this.#item = item;
    this.#timeline = timeline;
    session.playbackState = item ? (timeline.playing ? "playing" : "paused") : "none";
    if (!item) {
      session.metadata = null;
      return;
    }
    if (another && typeof MediaMetadata === "function") {
      const { title, artist, album } = item;
      const artwork = item.cover ? [{ src: coverUrl(item.id) }] : [];
      session.metadata = new MediaMetadata({ title, artist: artist || room, album, artwork });
    }
    try {
      session.setPositionState({
        duration: item.duration_s,
        position: Math.min(positionS, item.duration_s),
        playbackRate: timeline.rate,
      });
    } catch {
      // An item whose length is unknown has no position to show.
    }
  }
}
