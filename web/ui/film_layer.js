// @ts-check
/**
 * A menu over the film: opened by its button, left by Escape, by its own Close, or by a press
 * beside it. What is in it is its owner's.
 */
import { byId } from "./elements.js";

export class FilmLayer {
  #layer;
  #button;
  #title;

  /**
   * @param {string} layer ids of the elements
   * @param {object} others
   * @param {string} others.button
   * @param {string} others.close
   * @param {string} others.title where the focus goes
   */
  constructor(layer, { button, close, title }) {
    this.#layer = byId(layer);
    this.#button = byId(button);
    this.#title = byId(title);
    this.#button.addEventListener("click", () => this.#toggle(this.#layer.hidden === true));
    byId(close).addEventListener("click", () => this.#toggle(false));
    this.#layer.addEventListener("click", (event) => {
      if (event.target === this.#layer) this.#toggle(false);
    });
    this.#layer.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#toggle(false);
    });
  }

  /** Nothing to choose, no menu. @param {boolean} something */
  offer(something) {
    this.#button.hidden = !something;
    if (!something) this.leave();
  }

  /** Close it, and leave the focus where it is. */
  leave() {
    this.#show(false);
  }

  /** @param {boolean} open */
  #toggle(open) {
    this.#show(open);
    if (open) this.#title.focus();
    // Not the button: the next Space would open the menu again instead of playing or pausing.
    else byId("player").focus();
  }

  /** @param {boolean} open */
  #show(open) {
    this.#layer.hidden = !open;
    this.#button.setAttribute("aria-expanded", String(open));
  }
}
