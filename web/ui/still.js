// @ts-check
/** What is seen where there is only sound: the cover and the title, or a calm picture of our own. */
import { coverUrl } from "../edge/poster.js";
import { byId, setNote } from "./elements.js";

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
  render({ item }) {
    const music = item !== null && (item.kind === "music" || item.video_codec === null);
    this.#frame.hidden = item === null || !(music || this.#soundOnly);
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
