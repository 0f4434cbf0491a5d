// @ts-check
/**
 * The WebSocket: opens it, says hello, notices when it is dead, and comes back by itself with
 * backoff. It knows which endings are final. What messages mean is the store's.
 */
import { backoffS } from "../core/backoff.js";
import { BadMessage, decodeServer, encode, PROTOCOL_VERSION } from "../core/messages.js";

/** A socket that says nothing for this long while a probe waits is dead, seconds. */
const SILENCE_S = 8;
/** The same after the page woke, when the network has often changed. */
const WAKING_SILENCE_S = 3;
/** Looks at a silent socket come so often, seconds. */
const CHECK_S = 1;
/** A look that is later than this found the page asleep: what came meanwhile is read first. */
const ASLEEP_S = 2;
/** A handshake that takes longer is given up, seconds. */
const HANDSHAKE_S = 10;
/** Pause before coming back after the server found this client too slow or too busy. */
const COOL_DOWN_S = 5;
/** Endings after which the page does not come back by itself. */
const FINAL = new Set(["removed", "elsewhere", "left", "protocol"]);

/**
 * @typedef {object} Parts
 * @property {string} url
 * @property {(message: import("../core/messages.js").ServerMessage, atS: number) => void} deliver
 *   with the local instant of arrival, seconds
 * @property {(link: import("../core/store.js").Link, why: string) => void} changed
 * @property {() => Promise<{signed_in: boolean}>} session asked when a handshake fails
 * @property {() => void} signedOut the cookie does not hold (any more)
 * @property {(url: string) => WebSocket} [openSocket]
 * @property {() => number} [nowS] local clock, seconds
 * @property {() => number} [chance] from 0 to 1
 */

export class Connection {
  #parts;
  /** @type {WebSocket | null} */
  #socket = null;
  #wanted = false;
  #welcomed = false;
  #attempt = 0;
  /** @type {string | null} */
  #ended = null;
  /** @type {number | null} since when an answer is owed, local clock */
  #owedSinceS = null;
  #patienceS = SILENCE_S;
  #checkedS = 0;
  #spared = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #watch;
  #opened = 0;
  /** @type {{why: string, code: number, atS: number} | null} */
  #lastClose = null;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = {
      openSocket: (/** @type {string} */ url) => new WebSocket(url),
      nowS: () => performance.now() / 1000,
      chance: Math.random,
      ...parts,
    };
  }

  /** Connect, and stay connected until `close` or a final ending. */
  open() {
    this.#wanted = true;
    this.#attempt = 0;
    this.#ended = null;
    this.#dial();
  }

  /** End it for good; nothing is delivered afterwards. */
  close() {
    this.#wanted = false;
    this.#drop();
  }

  /**
   * How it went since `open`, for a bug report.
   * @param {number} nowS local clock
   */
  tally(nowS) {
    const last = this.#lastClose;
    const lastClose = last && { why: last.why, code: last.code, agoS: nowS - last.atS };
    return { opened: this.#opened, lastClose };
  }

  /** The page woke or the network came back: try at once, and doubt the socket sooner. */
  wake() {
    if (!this.#wanted) return;
    if (this.#socket) this.#patienceS = WAKING_SILENCE_S;
    else this.#dial();
  }

  /**
   * @param {import("../core/messages.js").ClientMessage} message
   * @returns {boolean} whether it was sent; nothing is kept for later
   */
  send(message) {
    if (!this.#welcomed || this.#socket?.readyState !== 1) return false;
    this.#socket.send(encode(message));
    if (message.type === "probe") this.#owedSinceS ??= this.#parts.nowS();
    return true;
  }

  #dial() {
    this.#drop();
    const socket = this.#parts.openSocket(this.#parts.url);
    this.#socket = socket;
    this.#owedSinceS = this.#parts.nowS();
    this.#patienceS = HANDSHAKE_S;
    this.#checkedS = this.#parts.nowS();
    this.#watch = setInterval(() => this.#check(), CHECK_S * 1000);
    let opened = false;
    socket.onopen = () => {
      opened = true;
      socket.send(encode({ type: "hello", protocol: PROTOCOL_VERSION }));
    };
    socket.onmessage = ({ data }) => this.#receive(data, this.#parts.nowS());
    socket.onclose = (event) => {
      this.#note(this.#ended ?? (opened ? "lost" : "not let in"), event?.code ?? 0);
      this.#closed(opened);
    };
  }

  /** Forget the socket without a word to anyone. */
  #drop() {
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    this.#welcomed = false;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /**
   * @param {unknown} data
   * @param {number} atS
   */
  #receive(data, atS) {
    this.#owedSinceS = null;
    this.#patienceS = SILENCE_S;
    let message;
    try {
      message = decodeServer(String(data));
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      console.warn(`Ignored a frame from the server: ${error.message}`);
      return;
    }
    if (message.type === "welcome") {
      this.#welcomed = true;
      this.#opened += 1;
      this.#attempt = 0;
      this.#ended = null;
      this.#parts.changed("open", "");
    }
    if (message.type === "ended") this.#ended = message.reason;
    this.#parts.deliver(message, atS);
  }

  /**
   * @param {string} why
   * @param {number} code the WebSocket's, 0 where the page gave up
   */
  #note(why, code) {
    this.#lastClose = { why, code, atS: this.#parts.nowS() };
  }

  #check() {
    const { nowS, changed } = this.#parts;
    const asleep = nowS() - this.#checkedS > CHECK_S + ASLEEP_S;
    this.#checkedS = nowS();
    // Once: the looks of a page that is hidden for long are always late.
    this.#spared = asleep && !this.#spared;
    if (this.#spared) return;
    if (this.#owedSinceS === null || nowS() - this.#owedSinceS < this.#patienceS) return;
    this.#drop();
    this.#note("no answer", 0);
    changed("lost", "The host does not answer.");
    this.#retryIn(backoffS(this.#attempt++, this.#parts.chance()));
  }

  /**
   * @param {boolean} opened whether the handshake had succeeded
   */
  async #closed(opened) {
    this.#drop();
    if (!this.#wanted) return;
    if (this.#ended && FINAL.has(this.#ended)) {
      this.#wanted = false;
      this.#parts.changed("idle", "");
      return;
    }
    const why = opened ? "The connection was lost." : "The host can’t be reached.";
    this.#parts.changed("lost", why);
    const coolDown = this.#ended === "too_slow" || this.#ended === "too_many";
    const pauseS = coolDown ? COOL_DOWN_S : backoffS(this.#attempt, this.#parts.chance());
    this.#attempt += 1;
    this.#retryIn(pauseS);
    if (!opened) await this.#askWhy();
  }

  /** A refused handshake tells a page nothing: ask whether the cookie still holds. */
  async #askWhy() {
    try {
      const { signed_in: signedIn } = await this.#parts.session();
      if (signedIn || !this.#wanted || this.#welcomed) return;
      this.close();
      this.#parts.signedOut();
    } catch {
      // Not reachable either: the next try is already planned.
    }
  }

  /** @param {number} pauseS */
  #retryIn(pauseS) {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#dial(), pauseS * 1000);
  }
}
