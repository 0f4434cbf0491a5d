// @ts-check
/** Stand-ins for what only a browser has: a socket, a video element, a page that can hide. */

/** A WebSocket whose other end is the test. */
export class FakeSocket {
  /** @type {any[]} */
  sent = [];
  readyState = 0;
  closed = false;
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {((event: {data: string}) => void) | null} */
  onmessage = null;
  /** @type {(() => void) | null} */
  onclose = null;

  /** @param {string} frame */
  send(frame) {
    this.sent.push(JSON.parse(frame));
  }

  close() {
    this.closed = true;
    this.readyState = 3;
  }

  /** The handshake succeeds. */
  accept() {
    this.readyState = 1;
    this.onopen?.();
  }

  /** @param {object} message */
  say(message) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** The other end, or the network, closes it. */
  drop() {
    this.readyState = 3;
    this.onclose?.();
  }
}

/**
 * A media element with a will of its own where the test wants it: it starts when told, and
 * events arrive later, as in a browser.
 */
export class FakeVideo extends EventTarget {
  paused = true;
  seeking = false;
  ended = false;
  muted = false;
  loop = false;
  readyState = 4;
  videoWidth = 640;
  preservesPitch = true;
  buffered = { length: 0, start: () => 0, end: () => 0 };
  /** @type {{code: number} | null} */
  error = null;
  /** @type {Error | null} set: play() is refused with it */
  refusal = null;
  /** @type {string[]} */
  calls = [];
  /** @type {Record<string, string>} */
  #attributes = {};
  #time = 0;
  #rate = 1;

  /** @param {string} name */
  #later(name) {
    queueMicrotask(() => this.dispatchEvent(new Event(name)));
  }

  get currentTime() {
    return this.#time;
  }

  set currentTime(seconds) {
    this.#time = seconds;
    this.calls.push(`seek ${seconds}`);
    this.seeking = true;
    this.#later("seeking");
  }

  /** The film has played on to here. @param {number} seconds */
  plays(seconds) {
    this.#time = seconds;
  }

  get playbackRate() {
    return this.#rate;
  }

  set playbackRate(rate) {
    if (rate === this.#rate) return;
    this.#rate = rate;
    this.#later("ratechange");
  }

  set src(/** @type {string} */ url) {
    this.#attributes.src = url;
  }

  /** @param {string} name */
  getAttribute(name) {
    return this.#attributes[name] ?? null;
  }

  /** @param {string} name */
  removeAttribute(name) {
    delete this.#attributes[name];
  }

  /** Frames so far; the test counts. */
  quality = { totalVideoFrames: 0, droppedVideoFrames: 0 };

  getVideoPlaybackQuality() {
    return { ...this.quality };
  }

  load() {
    const src = this.getAttribute("src");
    this.calls.push(`load ${src ?? "nothing"}`);
    this.#time = 0;
    this.#rate = 1;
    this.paused = true;
    this.error = null;
    if (src) this.#later("loadeddata");
  }

  canPlayType() {
    return "probably";
  }

  async play() {
    this.calls.push("play");
    if (this.refusal) throw this.refusal;
    if (this.paused) this.#later("play");
    this.paused = false;
  }

  pause() {
    this.calls.push("pause");
    if (!this.paused) this.#later("pause");
    this.paused = true;
  }
}

/**
 * A host for `fetch`, that answers what is asked of `/plan`, and has every film.
 * @param {(wish: import("../../web/edge/plan.js").Wish) => object} plan what `fetchPlan` shall return;
 *   thrown: the host can't be reached
 * @returns {import("../../web/edge/plan.js").Wish[]} what it was asked, in order
 */
export function hostThatPlans(plan) {
  /** @type {import("../../web/edge/plan.js").Wish[]} */
  const asked = [];
  globalThis.fetch = async (_url, init) => {
    if (init?.method !== "POST") return new Response("", { status: 206 });
    asked.push(JSON.parse(String(init.body)));
    return Response.json(plan(asked[asked.length - 1]));
  };
  return asked;
}

/** A host for `fetch` that makes no plans: there is the file itself, or nothing. */
export function hostWithoutPlans() {
  globalThis.fetch = async (_url, init) => new Response("", { status: init?.method === "POST" ? 404 : 206 });
}

/** Lets queued microtasks and immediate callbacks run. */
export function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A page that has every element that is asked for, as far as a view writes to it. */
export class FakePage {
  /** @type {Map<string, any>} */
  #elements = new Map();

  constructor() {
    Object.assign(globalThis, { document: { getElementById: (/** @type {string} */ id) => this.byId(id) } });
  }

  /**
   * @param {string} id
   * @returns {any}
   */
  byId(id) {
    const known = this.#elements.get(id);
    if (known) return known;
    const element = Object.assign(new EventTarget(), { id, hidden: false, textContent: "", dataset: {} });
    this.#elements.set(id, element);
    return element;
  }
}

/**
 * The element plays on between two looks, as a real one does.
 * @param {FakeVideo} element
 * @param {number} startLatencyS
 */
export function runsByItself(element, startLatencyS) {
  const { get, set } = /** @type {any} */ (
    Object.getOwnPropertyDescriptor(FakeVideo.prototype, "currentTime")
  );
  const { play } = element;
  let movedS = 0;
  element.play = async () => {
    movedS = performance.now() / 1000 + startLatencyS;
    return play.call(element);
  };
  Object.defineProperty(element, "currentTime", {
    get: () => {
      const passedS = element.paused ? 0 : Math.max(0, performance.now() / 1000 - movedS);
      movedS += passedS;
      element.plays(get.call(element) + passedS * element.playbackRate);
      return get.call(element);
    },
    set: (seconds) => {
      set.call(element, seconds);
    },
  });
}
