// @ts-check
/** The diagnostics panel: a text for bug reports, kept up to date while it is open. */
import { diagnosticsText } from "../core/diagnostics.js";
import { copy } from "../edge/clipboard.js";
import { byId, setText } from "./elements.js";

const EVERY_MS = 1000;

export class DiagnosticsPanel {
  #dialog = /** @type {HTMLDialogElement} */ (byId("diagnostics"));
  #field = /** @type {HTMLTextAreaElement} */ (byId("diagnostics-copy"));
  #read;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** @param {() => import("../core/diagnostics.js").Facts} read */
  constructor(read) {
    this.#read = read;
    byId("open-diagnostics").addEventListener("click", () => this.#open());
    byId("close-diagnostics").addEventListener("click", () => this.#dialog.close());
    byId("copy-diagnostics").addEventListener("click", () => this.#copy());
    this.#dialog.addEventListener("close", () => clearInterval(this.#timer));
    addEventListener("keydown", (event) => {
      if (!event.ctrlKey || !event.shiftKey || event.code !== "KeyD") return;
      event.preventDefault();
      if (event.repeat) return;
      if (this.#dialog.open) this.#dialog.close();
      else this.#open();
    });
  }

  #open() {
    if (this.#dialog.open) return;
    setText(byId("diagnostics-copied"), "");
    this.#show();
    this.#timer = setInterval(() => this.#show(), EVERY_MS);
    this.#dialog.showModal();
  }

  /** What somebody has just selected stays as it is. */
  #show() {
    if (getSelection()?.containsNode(byId("diagnostics-text"), true) && getSelection()?.toString()) return;
    setText(byId("diagnostics-text"), diagnosticsText(this.#read()));
  }

  async #copy() {
    this.#field.value = diagnosticsText(this.#read());
    const copied = await copy(this.#field.value, this.#field);
    this.#field.classList.toggle("out-of-sight", copied);
    setText(byId("diagnostics-copied"), copied ? "Copied" : "Copy the selected text by hand.");
  }
}
