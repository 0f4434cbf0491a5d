// @ts-check
/** Who has control, for all to see, and the one button to take, ask for, or give it back. */
import { controlOffer, inControl } from "../core/intents.js";
import { POLICY_WORDS, whoHasControl } from "../core/wording.js";
import { byId, setText } from "./elements.js";

export class ControlCard {
  #take = byId("take-control");
  #release = byId("release-control");
  #state;

  /**
   * @param {() => import("../core/store.js").State} state
   * @param {(intent: import("../core/messages.js").Intent) => void} send
   */
  constructor(state, send) {
    this.#state = state;
    for (const button of [this.#take, this.#release]) {
      button.addEventListener("click", ({ detail }) => {
        const offer = controlOffer(this.#state());
        // The second click of a double click finds the other button in the same place.
        if (offer && !button.hidden && detail < 2) send(offer.send);
      });
    }
  }

  /** @param {import("../core/store.js").State} state */
  render(state) {
    const offer = controlOffer(state);
    const takes = offer?.send.type === "take";
    setText(byId("who-has-control"), whoHasControl(state));
    setText(byId("stage-holder"), whoHasControl(state));
    byId("who-has-control").classList.toggle("mine", inControl(state));
    setText(byId("policy-note"), note(state));
    show(this.#take, takes);
    show(this.#release, offer !== null && !takes);
    if (offer) setText(takes ? this.#take : this.#release, offer.label);
  }
}

/**
 * A button that goes lets go of the focus: WebKit would leave it there, and Space, meant for
 * the film, would press what can't be seen.
 * @param {HTMLElement} button
 * @param {boolean} shown
 */
function show(button, shown) {
  if (!shown) button.blur();
  button.hidden = !shown;
}

/** @param {import("../core/store.js").State} state */
function note(state) {
  if (inControl(state)) return "Your play, pause and seek move everybody.";
  if (state.control.requests.includes(state.you)) return "You asked for control.";
  const pause = state.control.guests_may_pause ? " Anyone may pause." : "";
  return `${POLICY_WORDS[state.control.policy]}.${pause}`;
}
