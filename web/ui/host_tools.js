// @ts-check
/** What only the host's page has: the policy, and how to invite somebody. */
import { isHost } from "../core/intents.js";
import { copy } from "../edge/clipboard.js";
import { byId, setText } from "./elements.js";

export class HostTools {
  #policy = /** @type {HTMLSelectElement} */ (byId("policy"));
  #mayPause = /** @type {HTMLInputElement} */ (byId("guests-may-pause"));
  #link = /** @type {HTMLInputElement} */ (byId("invite-link"));

  /**
   * @param {() => import("../core/store.js").State} state
   * @param {(intent: import("../core/messages.js").Intent) => void} send
   */
  constructor(state, send) {
    const change = () => {
      send({
        type: "set_policy",
        policy: /** @type {import("../core/messages.js").Policy} */ (this.#policy.value),
        guests_may_pause: this.#mayPause.checked,
      });
      this.render(state());
    };
    this.#policy.addEventListener("change", change);
    this.#mayPause.addEventListener("change", change);
    byId("copy-invite").addEventListener("click", async () => {
      const copied = await copy(this.#link.value, this.#link);
      this.#link.classList.toggle("out-of-sight", copied);
      setText(byId("copied"), copied ? "Copied" : "Copy the selected link by hand.");
    });
  }

  /** @param {import("../core/store.js").State} state */
  render(state) {
    const host = isHost(state);
    byId("host-tools").hidden = !host;
    if (!host) return;
    const { control, invitation } = state;
    if (this.#policy.value !== control.policy) this.#policy.value = control.policy;
    this.#mayPause.checked = control.guests_may_pause;
    byId("invitation").hidden = !invitation;
    if (!invitation) return;
    const address = /** @type {HTMLInputElement} */ (byId("invite-address"));
    address.value = invitation.urls[0] ?? "";
    setText(byId("invite-pin"), invitation.pin ?? "not needed");
    if (this.#link.value !== invitation.invite_url) setText(byId("copied"), "");
    this.#link.value = invitation.invite_url;
  }
}
