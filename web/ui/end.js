// @ts-check
/** The screen after the session: why it ended, and the way back. */
import { byId, setText } from "./elements.js";

/** @type {Record<string, {title: string, action: string}>} */
const ENDINGS = {
  host_ended: { title: "The host ended the session", action: "" },
  removed: { title: "You are out of the room", action: "" },
  elsewhere: { title: "Matinee is open in another tab", action: "Use it here" },
  protocol: { title: "This page is out of date", action: "Reload" },
};

/** The page comes back by itself; of the other endings the server's own words say more. */
const UNTIL_THE_HOST_IS_BACK = "If the host comes back, so does this page.";

export class EndScreen {
  #back;
  #reason = "";

  /**
   * @param {object} offers
   * @param {() => void} offers.useHere
   * @param {() => void} offers.back to the join page
   */
  constructor({ useHere, back }) {
    this.#back = back;
    byId("end-back").addEventListener("click", () => this.#back());
    byId("end-action").addEventListener("click", () => {
      if (this.#reason === "protocol") location.reload();
      else useHere();
    });
  }

  /** @param {import("../core/store.js").State} state */
  render({ ended }) {
    const ending = ended ? ENDINGS[ended.reason] : undefined;
    byId("end").hidden = !ending;
    if (!ended || !ending) {
      this.#reason = "";
      return;
    }
    const { reason, message } = ended;
    if (reason === this.#reason) return;
    this.#reason = reason;
    setText(byId("end-title"), ending.title);
    setText(byId("end-text"), reason === "host_ended" ? UNTIL_THE_HOST_IS_BACK : message);
    const action = byId("end-action");
    action.hidden = ending.action === "";
    setText(action, ending.action);
    byId("end-title").focus();
  }
}
