// @ts-check
/**
 * Asks the host who one is here, again and again until it answers. What is asked is `session`'s,
 * what comes of the answer the caller's.
 */
import { backoffS } from "../core/backoff.js";
import { JoinError } from "./session.js";

/**
 * @typedef {import("./session.js").Session} Session
 * @typedef {object} Caller
 * @property {(session: Session) => void} answered once
 * @property {(why: string) => void} unanswered after each try that failed
 */

export class Doorbell {
  #session;
  #chance;
  /** @type {Caller | null} */
  #caller = null;
  #attempt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;

  /**
   * @param {() => Promise<Session>} session throws JoinError
   * @param {() => number} [chance] from 0 to 1
   */
  constructor(session, chance = Math.random) {
    this.#session = session;
    this.#chance = chance;
  }

  /** Ask from now on, for this caller alone. @param {Caller} caller */
  ring(caller) {
    this.#caller = caller;
    this.#attempt = 0;
    return this.#ask();
  }

  /** Ask no more; nobody is called. */
  stop() {
    this.#caller = null;
    clearTimeout(this.#retry);
  }

  /** The page woke or the network came back: if an answer is still awaited, ask at once. */
  wake() {
    if (this.#caller) this.#ask();
  }

  async #ask() {
    clearTimeout(this.#retry);
    const caller = this.#caller;
    let session;
    try {
      session = await this.#session();
    } catch (error) {
      if (!(error instanceof JoinError)) throw error;
      if (caller && caller === this.#caller) this.#again(caller, error.message);
      return;
    }
    if (!caller || caller !== this.#caller) return;
    this.#caller = null;
    clearTimeout(this.#retry);
    caller.answered(session);
  }

  /**
   * @param {Caller} caller
   * @param {string} why
   */
  #again(caller, why) {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#ask(), backoffS(this.#attempt++, this.#chance()) * 1000);
    caller.unanswered(why);
  }
}
