// @ts-check
/** What is being prepared of the film, for all to see: how far it is, and the host's way to end it. */
import { preparationNews, preparationWords } from "../core/forms.js";
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

  /** @param {import("../core/store.js").State} state */
  render(state) {
    const { preparation } = state;
    byId("preparation").hidden = preparation === null;
    setText(byId("preparation-spoken"), preparation ? preparationNews(preparation) : "");
    if (!preparation) return;
    setText(byId("preparation-text"), preparationWords(preparation));
    // Without a value it says only that something is going on.
    if (preparation.progress > 0) this.#bar.value = preparation.progress;
    else this.#bar.removeAttribute("value");
    byId("preparation-cancel").hidden = !isHost(state);
  }
}
