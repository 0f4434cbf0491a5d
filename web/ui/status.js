// @ts-check
/**
 * What is going on, said where it is seen: the banner when the connection is lost, the
 * passing notices, and the hint to somebody who pressed a
 * control that is not theirs to press.
 */
import { formNews } from "../core/forms.js";
import { controlOffer } from "../core/intents.js";
import { isOver } from "../core/store.js";
import { Curtain } from "./curtain.js";
import { byId, make, setNote, setText } from "./elements.js";

const TOAST_MS = 4000;
const NUDGE_MS = 5000;
const LOG_LENGTH = 6;

/** @typedef {import("../core/store.js").State} State */

export class StatusView {
  #state;
  #spoken = 0;
  /** @type {Record<string, ReturnType<typeof setTimeout>>} */
  #timers = {};
  #curtain;
  #warned = "";
  #told = "";

  /**
   * @param {object} parts
   * @param {() => State} parts.state
   * @param {(intent: import("../core/messages.js").Intent) => void} parts.send
   * @param {() => void} parts.start called within the press that lifts the autoplay rule
   */
  constructor({ state, send, start }) {
    this.#state = state;
    this.#curtain = new Curtain(start);
    byId("nudge-take").addEventListener("click", (event) => {
      event.stopPropagation();
      const offer = controlOffer(state());
      byId("nudge").hidden = true;
      if (offer) send(offer.send);
    });
  }

  /** @param {State} state */
  render(state) {
    const lost = state.link === "lost" && !isOver(state);
    const text = lost ? `Reconnecting… ${state.why}` : "";
    setNote(byId("status-banner"), text);
    setNote(byId("stage-banner"), text);
    if (state.notice && state.notice.serial !== this.#spoken) {
      this.#spoken = state.notice.serial;
      this.#say(state.notice);
    }
    if (state.place === "lobby") this.#forget();
  }

  /** What was said in one visit is not said in the next. */
  #forget() {
    this.#spoken = 0;
    this.#warned = "";
    this.#told = "";
    byId("log").replaceChildren();
    byId("toast").hidden = true;
    byId("nudge").hidden = true;
  }

  /** Why the controls did not obey. @param {string} reason */
  nudge(reason) {
    const state = this.#state();
    const offer = controlOffer(state);
    const take = byId("nudge-take");
    setText(byId("nudge-text"), reason);
    take.hidden = state.link !== "open" || offer?.send.type !== "take";
    if (offer) setText(take, offer.label);
    byId("toast").hidden = true;
    this.#showFor("nudge", NUDGE_MS);
  }

  /** What this person's own press did. @param {string} text @param {boolean} [warning] */
  say(text, warning = false) {
    this.#say({ text, tone: warning ? "warning" : "news" });
  }

  /**
   * @param {import("../edge/player.js").Playback} playback
   * @param {State} state
   */
  showPlayback(playback, state) {
    const { state: playing, reason, form, formReason } = playback;
    this.#warn(playing === "cannot_play" ? "" : reason);
    if (state.item) this.#tell(`${state.item.id} ${form}`, formNews(form, formReason));
    this.#curtain.show(playback, state);
  }

  /**
   * A film that plays on without its sound: said once.
   * @param {string} reason
   */
  #warn(reason) {
    if (reason === this.#warned) return;
    this.#warned = reason;
    if (reason) this.#say({ text: reason, tone: "warning" });
  }

  /**
   * In which form the film comes: said once for each film and form.
   * @param {string} occasion
   * @param {string} news
   */
  #tell(occasion, news) {
    if (!news || occasion === this.#told) return;
    this.#told = occasion;
    this.#say({ text: news, tone: "news" });
  }

  /** @param {Pick<import("../core/store.js").Notice, "text" | "tone">} notice */
  #say({ text, tone }) {
    const toast = byId("toast");
    setText(toast, text);
    toast.classList.toggle("warning", tone === "warning");
    if (byId("nudge").hidden) this.#showFor("toast", TOAST_MS);
    const log = byId("log");
    log.prepend(make("li", tone, text));
    while (log.children.length > LOG_LENGTH) log.lastElementChild?.remove();
  }

  /**
   * @param {string} id
   * @param {number} durationMs
   */
  #showFor(id, durationMs) {
    byId(id).hidden = false;
    clearTimeout(this.#timers[id]);
    this.#timers[id] = setTimeout(() => (byId(id).hidden = true), durationMs);
  }
}
