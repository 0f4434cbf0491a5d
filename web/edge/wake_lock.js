// @ts-check
/**
 * Keeps the screen awake while the film plays, where the browser offers it (a secure context).
 * Elsewhere a playing, visible video already does so on phones; nothing else is tried.
 */

export class WakeLock {
  /** @type {WakeLockSentinel | null} */
  #sentinel = null;
  #wanted = false;

  constructor() {
    // The browser drops the lock whenever the page is hidden.
    document.addEventListener("visibilitychange", () => this.#apply());
  }

  /** @param {boolean} wanted */
  hold(wanted) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#apply();
  }

  async #apply() {
    const { wakeLock } = navigator;
    if (!wakeLock) return;
    try {
      if (!this.#wanted) {
        const sentinel = this.#sentinel;
        this.#sentinel = null;
        await sentinel?.release();
      } else if (!document.hidden && (!this.#sentinel || this.#sentinel.released)) {
        const sentinel = await wakeLock.request("screen");
        const held = this.#sentinel && !this.#sentinel.released;
        if (held) return void (await sentinel.release()); // asked twice at once: one is enough
        this.#sentinel = sentinel;
        if (!this.#wanted) this.#apply();
      }
    } catch {
      // Low battery or no permission: the screen may go dark, the film goes on.
    }
  }
}
