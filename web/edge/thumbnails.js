// @ts-check
/**
 * Small pictures along the film, for whoever points at the slider. Each is fetched when it is first
 * wanted, one at a time, so that a quick sweep over the slider asks for few; only a picture
 * that has arrived is shown.
 */

/** @typedef {{interval_s: number, count: number}} Grid */
/** @typedef {{address: string, width: number, height: number}} Thumbnail */

/** Until what could not be had is asked for again: the network is back, the host's disk awake. */
const GRID_RETRY_MS = 10_000;
const PICTURE_RETRY_MS = 60_000;

export class Thumbnails {
  #changed;
  #itemId = "";
  /** @type {Grid | null} */
  #grid = null;
  #asked = false;
  /** @type {Map<number, Thumbnail | null>} null: there is none, for now */
  #known = new Map();
  #wanted = -1;
  #busy = false;

  /** @param {() => void} changed a picture has arrived */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * The picture for a media time, once it is there.
   * @param {import("../core/messages.js").Item} item
   * @param {number} timeS
   * @returns {Thumbnail | null}
   */
  at(item, timeS) {
    if (item.id !== this.#itemId) this.#turnTo(item);
    if (item.video_codec === null) return null;
    if (!this.#grid) {
      this.#fetchGrid();
      return null;
    }
    const number = Math.min(Math.floor(timeS / this.#grid.interval_s), this.#grid.count - 1);
    this.#wanted = number;
    this.#next();
    return this.#known.get(number) ?? null;
  }

  /** @param {import("../core/messages.js").Item} item */
  #turnTo(item) {
    this.#itemId = item.id;
    this.#grid = null;
    this.#asked = false;
    this.#wanted = -1;
    this.#known.clear();
  }

  async #fetchGrid() {
    if (this.#asked) return;
    this.#asked = true;
    const itemId = this.#itemId;
    try {
      const answer = await fetch(`/media/${encodeURIComponent(itemId)}/thumbnails`);
      if (answer.ok && itemId === this.#itemId) this.#grid = await answer.json();
    } catch {
      // Without a connection there are none.
    }
    if (!this.#grid) setTimeout(() => itemId === this.#itemId && (this.#asked = false), GRID_RETRY_MS);
  }

  #next() {
    const number = this.#wanted;
    if (this.#busy || number < 0 || this.#known.has(number)) return;
    this.#busy = true;
    const itemId = this.#itemId;
    const address = `/media/${encodeURIComponent(itemId)}/thumbnails/${number}.jpg`;
    const picture = new Image();
    const done = (/** @type {Thumbnail | null} */ thumbnail) => {
      this.#busy = false;
      if (itemId === this.#itemId) {
        this.#known.set(number, thumbnail);
        if (!thumbnail) setTimeout(() => this.#forget(itemId, number), PICTURE_RETRY_MS);
        this.#changed();
      }
      this.#next();
    };
    picture.onload = () =>
      done({ address, width: picture.naturalWidth, height: picture.naturalHeight });
    picture.onerror = () => done(null);
    picture.src = address;
  }
  /**
   * @param {string} itemId
   * @param {number} number
   */
  #forget(itemId, number) {
    if (itemId === this.#itemId && !this.#known.get(number)) this.#known.delete(number);
  }
}
