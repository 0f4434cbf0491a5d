// @ts-check
/**
 * What is being prepared of the film: how far it is, for who waits their place in the queue, and the
 * host's way to end it.
 */
import { placeInLine, preparationNews, preparationWords } from "../core/forms.js";
import { isHost } from "../core/intents.js";
import { byId, setText } from "./elements.js";

export class PreparationView {
  #bar = /** @type {HTMLProgressElement} */ (byId("preparation-bar"));

  /**
   * @param {() => import("../core/store.js").State} state
   * @param {(intent: import("../core/messages.js").Intent) => void} send
   */
  constructor(state, send) {
    byId("preparation-cancel").addEventListener("click", () => {
      const { preparation } = state();
      if (preparation) send({ type: "cancel_preparation", item: preparation.item, what: preparation.what });
    });
  }

  /**
   * @param {import("../edge/player.js").Playback} playback
   * @param {import("../core/store.js").State} state
   */
  showPlayback({ renditions }, state) {
    const { preparation } = state;
    const viewer = { renditions, host: isHost(state) };
    const words = preparation ? preparationWords(preparation, viewer) : "";
    byId("preparation").hidden = words === "";
    setText(byId("preparation-spoken"), preparation ? preparationNews(preparation, viewer) : "");
    if (!preparation) return;
    setText(byId("preparation-text"), words);
    // Without a value it says only that something is going on.
    const waits = placeInLine(preparation, viewer) > 0;
    if (preparation.progress > 0 && !waits) this.#bar.value = preparation.progress;
    else this.#bar.removeAttribute("value");
    byId("preparation-cancel").hidden = !viewer.host || preparation.repacks === true;
  }
}
