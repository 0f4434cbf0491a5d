// @ts-check
/**
 * The sheet about this device's own sync: the graph, what limits it, its delay. It leaves the
 * film in view, so that a person can calibrate by it.
 */
import { isOver } from "../core/store.js";
import { byId, setNote } from "./elements.js";

/** @typedef {import("../core/store.js").State} State */

export class SyncSheet {
  #sheet = byId("sync-sheet");
  #opener = byId("open-sync");
  #graph;
  #delay;
  #state;

  /**
   * @param {object} parts
   * @param {import("./sync_graph.js").SyncGraph} parts.graph
   * @param {import("./delay.js").DelaySetting} parts.delay
   * @param {() => State} parts.state
   * @param {string} parts.limit what keeps this device from being better in step; empty: nothing
   */
  constructor({ graph, delay, state, limit }) {
    this.#graph = graph;
    this.#delay = delay;
    this.#state = state;
    setNote(byId("sync-limit"), limit);
    this.#opener.addEventListener("click", () => (this.#sheet.hidden ? this.#open() : this.#close(true)));
    byId("sync-close").addEventListener("click", ({ detail }) => this.#close(detail === 0));
    byId("calibrate").addEventListener("click", () => this.#calibrate(!delay.calibrating));
    this.#sheet.addEventListener("keydown", ({ key }) => key === "Escape" && this.#close(true));
  }

  /** @param {State} state */
  render(state) {
    this.#delay.render(state);
    const gone = state.place === "lobby" || isOver(state);
    if (gone && !this.#sheet.hidden) this.#close();
  }

  #open() {
    this.#sheet.hidden = false;
    this.#opener.setAttribute("aria-expanded", "true");
    this.#graph.start();
    byId("sync-title").focus();
  }

  /** @param {boolean} [byKey] not by a pointer: then Space is the film's again, no button's */
  #close(byKey = false) {
    this.#sheet.hidden = true;
    this.#opener.setAttribute("aria-expanded", "false");
    this.#graph.stop();
    this.#calibrate(false);
    if (byKey) this.#opener.focus();
  }

  /** @param {boolean} calibrating */
  #calibrate(calibrating) {
    this.#delay.calibrate(calibrating, this.#state());
    byId("sync-overview").hidden = calibrating;
  }
}
