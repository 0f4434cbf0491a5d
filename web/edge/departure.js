// @ts-check
/**
 * Leaving while the host can't be reached: the person is on the join page already; a connection
 * of its own says so to the host as soon as there is one. It gives up after the time in which the
 * host forgets somebody who is lost.
 */
import { Connection } from "./connection.js";

/** The server keeps the place of somebody lost for so long, seconds. */
const FORGOTTEN_S = 60;

/** @typedef {import("./connection.js").Parts} Parts */

export class Departure {
  #line;
  /** @type {Connection | null} */
  #connection = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #end;

  /** @param {Omit<Parts, "deliver" | "changed" | "signedOut">} line how to reach the host */
  constructor(line) {
    this.#line = line;
  }

  begin() {
    this.cancel();
    const connection = new Connection({
      ...this.#line,
      deliver: ({ type }) => {
        if (type === "welcome") connection.send({ type: "leave" });
        if (type === "refused") this.cancel();
      },
      changed: () => {},
      signedOut: () => this.cancel(),
    });
    this.#connection = connection;
    this.#end = setTimeout(() => this.cancel(), FORGOTTEN_S * 1000);
    connection.open();
  }

  /** The network came back: try at once. */
  wake() {
    this.#connection?.wake();
  }

  /** It is no longer wanted, as when the person joins again. */
  cancel() {
    clearTimeout(this.#end);
    this.#connection?.close();
    this.#connection = null;
  }
}
