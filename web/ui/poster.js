// @ts-check
/** A picture of the film where it takes its time to come: better to wait by than black. */
import { posterUrl } from "../edge/poster.js";
import { byId } from "./elements.js";

/** Of a film that is there sooner, no picture is made: that would only hold it up. */
const AFTER_MS = 1000;

export class Poster {
  #film = /** @type {HTMLVideoElement} */ (byId("film"));
  /** @type {string | undefined} */
  #itemId;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {import("../edge/player.js").Playback} playback
   * @param {import("../core/store.js").State} state
   */
  showPlayback({ state }, { item }) {
    if (item?.id !== this.#itemId) {
      this.#itemId = item?.id;
      this.#film.poster = "";
      this.#stopWaiting();
    }
    if (item === null || state !== "loading") this.#stopWaiting();
    else this.#timer ??= setTimeout(() => (this.#film.poster = posterUrl(item)), AFTER_MS);
  }

  #stopWaiting() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
