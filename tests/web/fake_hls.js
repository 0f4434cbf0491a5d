// @ts-check
/** A stand-in for hls.js, which needs a browser. */

const { NETWORK_ERROR, MEDIA_ERROR } = { NETWORK_ERROR: "networkError", MEDIA_ERROR: "mediaError" };

/** What the page uses of hls.js: it notes what it is told, and fails when the test says so. */
export class FakeHls {
  static Events = Object.fromEntries(
    ["ERROR", "FRAG_LOADED", "MANIFEST_PARSED", "BUFFER_APPENDING"].map((name) => [name, name]),
  );
  static ErrorTypes = { NETWORK_ERROR, MEDIA_ERROR };
  static ErrorDetails = { MEDIA_SOURCE_REQUIRES_RESET: "mediaSourceRequiresReset" };
  static DefaultConfig = { abrController: class {} };
  /** @type {FakeHls} */
  static last;
  /** @type {string[]} */
  calls = [];
  /** @type {object[]} */
  levels = [];
  /** @type {Record<string, (event: string, data: any) => void>} */
  #listeners = {};
  /** @type {import("./fakes.js").FakeVideo | null} */
  #element = null;

  /** @param {any} config */
  constructor(config) {
    this.config = config;
    FakeHls.last = this;
  }

  /** @param {string} name @param {(event: string, data: any) => void} listener */
  on(name, listener) {
    this.#listeners[name] = listener;
  }

  /** @param {string} name @param {object} [data] */
  tell(name, data = {}) {
    this.#listeners[name](name, data);
  }

  /** @param {import("./fakes.js").FakeVideo} element */
  attachMedia(element) {
    this.#element = element;
    element.src = "blob:fed";
  }

  /** @param {string} url */
  loadSource(url) {
    this.calls.push(`load ${url}`);
  }

  /** @param {number} positionS */
  startLoad(positionS) {
    this.calls.push(`start ${positionS}`);
  }

  stopLoad() {
    this.calls.push("stop");
  }

  destroy() {
    this.calls.push("destroy");
  }

  recoverMediaError() {
    this.calls.push("recover");
    this.#element?.play();
  }

  /** As hls.js does where the browser has closed what it is fed by. */
  breaks() {
    this.recoverMediaError();
    const details = FakeHls.ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET;
    this.tell("ERROR", { type: MEDIA_ERROR, details, fatal: false });
  }

  /**
   * @param {number} code
   * @param {boolean} fatal
   * @param {string} [message] what the host says
   * @param {"main" | "audio"} [type] of which fragment
   */
  miss(code, fatal, message, type = "main") {
    const response = new TextEncoder().encode(JSON.stringify({ error: { code: "x", message } })).buffer;
    const networkDetails = { response };
    this.tell("ERROR", { type: NETWORK_ERROR, fatal, response: { code }, networkDetails, frag: { type } });
  }

  /** Whether hls.js would ask again by itself. @param {number} code @param {number} count */
  asksAgain(code, count) {
    const { errorRetry } = this.config.fragLoadPolicy.default;
    const usual = count < errorRetry.maxNumRetry && (code < 400 || code > 499) && code !== 0;
    return errorRetry.shouldRetry(errorRetry, count, false, { code }, usual);
  }
}
