// @ts-check
/** The screen after the session: why it ended, and the way back. */
import { byId, setText } from "./elements.js";

/** @type {Record<string, {title: string, action: string}>} */
const ENDINGS = {
  host_ended: { title: "The host ended the session", action: "" },
  removed: { title: "You were removed", action: "" },
  elsewhere: { title: "Matinee is open in another tab", action: "Use it here" },
  protocol: { title: "This page is out of date", action: "Reload" },
};

/** @type {Record<string, string>} */
const TEXTS = {
  host_ended: "If the host comes back, so does this page.",
  removed: "The host removed you from the room.",
  elsewhere: "You watch in one place at a time.",
  protocol: "Page and host are of different versions.",
};

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
    const reason = ending && ended ? ended.reason : "";
    byId("end").hidden = !ending;
    if (!ending || reason === this.#reason) {
      this.#reason = reason;
      return;
    }
    this.#reason = reason;
    setText(byId("end-title"), ending.title);
    setText(byId("end-text"), TEXTS[reason]);
    const action = byId("end-action");
    action.hidden = ending.action === "";
    setText(action, ending.action);
    byId("end-title").focus();
  }
}
