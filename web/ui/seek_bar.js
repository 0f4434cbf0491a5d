// @ts-check
/**
 * The slider that shows where the film is. Whoever has control moves it; to all others it shows
 * pictures, chapters and times where they point at it, and stays where the room is.
 */
import { chapterAt } from "../core/chapters.js";
import { byId } from "./elements.js";

/** @typedef {import("../core/intents.js").Wish} Wish */

export class SeekBar {
  #ask;
  #state;
  #positionS;
  #bar = /** @type {HTMLElement & {range?: HTMLInputElement}} */ (byId("seek-bar"));
  #movable = false;
  #dragging = false;
  /** @type {Wish | null} */
  #dropped = null;
  #spokenChapter = "";

  /**
   * @param {object} parts
   * @param {(wish: Wish) => void} parts.ask or say why not
   * @param {() => import("../core/store.js").State} parts.state
   * @param {() => number} parts.positionS where the room is now
   */
  constructor({ ask, state, positionS }) {
    this.#ask = ask;
    this.#state = state;
    this.#positionS = positionS;
    // Before media-chrome's own listener: to it, `disabled` would mean no pictures either.
    addEventListener("input", (event) => this.#hold(event), { capture: true });
    this.#bar.addEventListener("pointerdown", () => {
      this.#dragging = true;
      this.#dropped = null;
    });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => this.#drop());
  }

  /** @param {boolean} movable whether this person may move it */
  render(movable) {
    this.#movable = movable;
    this.#bar.range?.setAttribute("aria-disabled", String(!movable));
  }

  /** The slider asks to seek. A drag is one wish, made where it ends. @param {Wish} wish */
  moved(wish) {
    if (this.#dragging) this.#dropped = wish;
    else this.#ask(wish);
  }

  /** Media-chrome has said the time to screen readers; say the chapter as well. */
  nameChapter() {
    const { range } = this.#bar;
    const { item } = this.#state();
    if (!range) return;
    const said = range.getAttribute("aria-valuetext") ?? "";
    const before = this.#spokenChapter;
    const time = before && said.endsWith(before) ? said.slice(0, -before.length) : said;
    const chapter = chapterAt(item, this.#positionS());
    this.#spokenChapter = chapter && `, ${chapter}`;
    if (time + this.#spokenChapter !== said) {
      range.setAttribute("aria-valuetext", time + this.#spokenChapter);
    }
  }

  /** Where it is not theirs to move, the handle goes back before it is seen to move. @param {Event} event */
  #hold(event) {
    const { range } = this.#bar;
    if (!range || this.#movable || !event.composedPath().includes(this.#bar)) return;
    event.stopImmediatePropagation();
    const durationS = this.#state().item?.duration_s ?? 0;
    const positionS = range.valueAsNumber * durationS;
    range.valueAsNumber = durationS > 0 ? this.#positionS() / durationS : 0;
    this.#ask({ kind: "seek", positionS });
  }

  #drop() {
    if (!this.#dragging) return;
    this.#dragging = false;
    // The range reports a click's position after the pointer is up in some browsers.
    setTimeout(() => {
      if (this.#dropped) this.#ask(this.#dropped);
      this.#dropped = null;
    });
  }
}
