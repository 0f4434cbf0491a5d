// @ts-check
/**
 * What is seen where there is only sound, and before a film begins that has a cover: that and the
 * title, or a calm picture of our own.
 */
import { frameIndex } from "../core/timeline.js";
import { coverUrl } from "../edge/poster.js";
import { byId, setNote } from "./elements.js";

/** Of a film that does not say, frames a second. */
const USUAL_RATE = 25;

export class Still {
  #frame = byId("still");
  #cover = /** @type {HTMLImageElement} */ (byId("still-cover"));
  /** @type {string | undefined} */
  #shown;
  #soundOnly = false;

  constructor() {
    this.#cover.addEventListener("load", () => (this.#cover.hidden = false));
  }

  /** @param {import("../core/store.js").State} state */
  render({ item, timeline }) {
    const music = item !== null && (item.kind === "music" || item.video_codec === null);
    const begins = item?.cover && restsAtStart(timeline, item);
    this.#frame.hidden = item === null || !(music || this.#soundOnly || begins);
    if (item?.id === this.#shown) return;
    this.#shown = item?.id;
    this.#cover.hidden = true;
    if (item?.cover) this.#cover.src = coverUrl(item.id);
    else this.#cover.removeAttribute("src");
    setNote(byId("still-title"), item?.title ?? "");
    setNote(byId("still-artist"), [item?.artist, item?.album].filter(Boolean).join(" · "));
  }

  /**
   * @param {import("../edge/player.js").Playback} playback
   * @param {import("../core/store.js").State} state
   */
  showPlayback({ quality }, state) {
    this.#soundOnly = quality === "audio";
    this.render(state);
  }
}

/**
 * Whether a film has not begun, or is back at its first frame.
 * @param {import("../core/timeline.js").Timeline} timeline
 * @param {import("../core/messages.js").Item} item
 */
function restsAtStart({ playing, position_s: positionS }, { frame_rate: frameRate }) {
  return !playing && frameIndex(positionS, frameRate ?? USUAL_RATE) === 0;
}
