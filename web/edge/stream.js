// @ts-check
/**
 * A film that is fed to the element segment by segment, by hls.js. Owns how hls.js is set up
 * for a film that is kept in step; which stream it is decides `source`.
 *
 * Times: a segment's own decode time is its time in the film (the host writes it so, to the
 * tick), so the element's `currentTime` is the host's as long as nothing is added to it. hls.js
 * would add `timestampOffset`, the difference between the playlist's rounded sum of durations
 * and the decode time of whichever segment it loads first: `exactTimes` keeps that at 0.
 * Measured with burned-in frame numbers in Chromium 156 and Firefox 153: begun in the middle,
 * sought across segments both ways and attached anew, each frame is the one asked for.
 */

import { Throughput } from "../core/throughput.js";
import { aheadS, HAVE_CURRENT_DATA } from "./data_ahead.js";

/** How much to have ready: the host prepares up to a minute ahead of the furthest guest, seconds. */
const AHEAD_S = 30;
/**
 * While the first frame is awaited: what comes later would take the processor from decoding it, the
 * host's as well, which makes that meanwhile. Seconds.
 */
const FIRST_S = 1;
/** Where the frames lie far apart, a browser needs more than that before it shows one, milliseconds. */
const FIRST_WITHIN_MS = 2000;
/** Kept for a jump back, seconds. */
const BEHIND_S = 20;
/** The host holds a request until the segment is made: behind a conversion in a queue it may take long. */
const PATIENCE_MS = 60_000;
const RETRIES = 6;
/** Who waits in the host's queue and does not ask for so long loses the place, milliseconds. */
const ASK_AGAIN_MS = 1000;
/** With so little left to play, what the host can't make is missed, seconds. */
const LITTLE_S = 1;
/** A film whose file is gone is asked for again after this long, milliseconds. */
const LOOK_AGAIN_MS = 5000;
/** The host's answer where a segment can't be made: that is not a matter of time. */
const FAILED = 500;

/** When the frame that is asked for becomes another, or comes. */
const FRAME_CHANGES = ["seeking", "seeked", "loadeddata", "canplay"];

/** @typedef {typeof import("hls.js").default} Hls */
/** @typedef {import("hls.js").HlsConfig} HlsConfig */
/** @typedef {import("../core/doubts.js").Failure} Failure */

/** @type {Promise<any> | null} */
let library = null;
let failedImports = 0;

/**
 * hls.js, fetched once and only by who needs it.
 * @returns {Promise<Hls>}
 */
export async function loadLibrary() {
  // Not a literal: its types are the package's, its place is the host's.
  // Browsers remember that an import failed: the next one needs another name.
  const place = `/vendor/hls.min.mjs${failedImports ? `?${failedImports}` : ""}`;
  const coming = (library ??= import(place));
  try {
    return (await coming).default;
  } catch (error) {
    if (library === coming) {
      library = null;
      failedImports += 1;
    }
    throw error;
  }
}

export class Stream {
  #hls;
  #element;
  #failed;
  #changed;
  #url = "";
  #throughput = new Throughput();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #long;

  #broken = false;

  /** Why nothing comes of the film, as the host says it; empty while nothing speaks against it. */
  obstacle = "";

  /**
   * Attach to the element; nothing is fetched before `start`.
   * @param {Hls} Hls
   * @param {HTMLVideoElement} element
   * @param {object} listeners
   * @param {(what: "media" | "reset" | "host", why: string, failure?: Failure) => void} listeners.failed
   *   it broke, or the browser gave it up, which is told once; the host can't make it, or its sound,
   *   and says why
   * @param {() => void} listeners.changed the obstacle did
   */
  constructor(Hls, element, { failed, changed }) {
    this.#element = element;
    this.#failed = failed;
    this.#changed = changed;
    this.#hls = new Hls(configFor(Hls));
    // It would attach itself anew and play, which is taken for a person's press, and moves the room.
    this.#hls.recoverMediaError = () => {};
    this.#hls.on(Hls.Events.ERROR, (_event, error) => {
      const reset = error.details === Hls.ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET;
      if (error.type === Hls.ErrorTypes.NETWORK_ERROR) this.#missed(error);
      else if (error.fatal || reset) this.#break(reset ? "reset" : "media", error.details);
    });
    this.#hls.on(Hls.Events.FRAG_LOADED, (_event, { frag }) => {
      this.#meets("");
      this.#throughput.add(transferOf(frag));
    });
    this.#hls.on(Hls.Events.MANIFEST_PARSED, () => this.#hls.startLoad(element.currentTime));
    this.#hls.attachMedia(element);
    for (const name of ["play", "seeking"]) element.addEventListener(name, this.#wanted);
    for (const name of FRAME_CHANGES) element.addEventListener(name, this.#limit);
  }

  /** Whether the element still holds what was attached to it. */
  get intact() {
    // A managed source is attached as a child, so that there may be another for AirPlay.
    const src = this.#element.getAttribute("src") ?? this.#element.querySelector("source")?.src ?? "";
    return src.startsWith("blob:");
  }

  /** How much faster data comes than it plays; null before anything has come. */
  get ratio() {
    return this.#throughput.ratio;
  }

  /** What the network brought lately; null before anything has come. */
  get bitsPerS() {
    return this.#throughput.bitsPerS;
  }

  /**
   * Fetch the playlists, then segments from where the element is by then.
   * @param {string} url
   */
  start(url) {
    this.#url = url;
    this.#limit();
    this.#hls.loadSource(url);
  }

  /**
   * One break may raise several errors.
   * @param {"media" | "reset"} what
   * @param {string} why
   */
  #break(what, why) {
    if (this.#broken) return;
    this.#broken = true;
    this.#failed(what, why);
  }

  close() {
    clearTimeout(this.#again);
    clearTimeout(this.#long);
    for (const name of ["play", "seeking"]) this.#element.removeEventListener(name, this.#wanted);
    for (const name of FRAME_CHANGES) this.#element.removeEventListener(name, this.#limit);
    this.#hls.destroy();
  }

  /**
   * Something could not be had. What was fetched before stays in the element and plays on;
   * hls.js alone would give up in the end, and for good.
   * @param {import("hls.js").ErrorData} error
   */
  #missed({ fatal, response, networkDetails, frag }) {
    const code = response?.code ?? 0;
    if (code === FAILED) {
      this.#hls.stopLoad();
      this.#giveUp(wordsIn(networkDetails), frag?.type === "audio" ? "sound" : "all");
    } else if (code >= 400 && code < 500) {
      this.#rest(LOOK_AGAIN_MS);
      this.#meets(wordsIn(networkDetails));
    } else if (fatal) this.#rest(ASK_AGAIN_MS);
  }

  /**
   * Once what there is has been seen: of a damaged film that may be all but its end.
   * @param {string} why
   * @param {Failure} failure
   */
  #giveUp(why, failure) {
    clearTimeout(this.#again);
    this.#again = undefined;
    if (aheadS(this.#element) < LITTLE_S) this.#failed("host", why, failure);
    else this.#again = setTimeout(() => this.#giveUp(why, failure), ASK_AGAIN_MS);
  }

  /** Ask for nothing now, and then go on from where the film is. @param {number} forMs */
  #rest(forMs) {
    this.#hls.stopLoad();
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#resume(), forMs);
  }

  /** Whoever wants the film to move need not wait for the next try. */
  #wanted = () => {
    if (this.#again !== undefined) this.#resume();
  };

  /** How far ahead to fetch, now that a frame is awaited or there. */
  #limit = () => {
    const { config } = this.#hls;
    const awaited = this.#element.seeking || this.#element.readyState < HAVE_CURRENT_DATA;
    config.maxBufferLength = awaited ? FIRST_S : AHEAD_S;
    clearTimeout(this.#long);
    if (awaited) this.#long = setTimeout(() => (config.maxBufferLength = AHEAD_S), FIRST_WITHIN_MS);
  };

  #resume() {
    clearTimeout(this.#again);
    this.#again = undefined;
    if (this.#hls.levels.length === 0) this.#hls.loadSource(this.#url);
    else this.#hls.startLoad(this.#element.currentTime, this.#element.readyState > 0);
  }

  /** @param {string} obstacle */
  #meets(obstacle) {
    if (obstacle === this.obstacle) return;
    this.obstacle = obstacle;
    this.#changed();
  }
}

/**
 * Only from its first byte on; hls.js' own estimate counts the host's making of it too.
 * @param {import("hls.js").Fragment} fragment
 * @returns {import("../core/throughput.js").Transfer}
 */
function transferOf({ type, duration, sn, stats: { loaded, loading } }) {
  return {
    kind: type,
    bits: loaded * 8,
    durationS: sn === "initSegment" ? 0 : duration,
    firstByteS: loading.first / 1000,
    lastByteS: loading.end / 1000,
  };
}

/**
 * What the host says for people in its answer; empty where it says nothing.
 * @param {unknown} request hls.js' own, an `XMLHttpRequest`
 */
function wordsIn(request) {
  try {
    const { response } = /** @type {XMLHttpRequest} */ (request);
    const text = typeof response === "string" ? response : new TextDecoder().decode(response);
    return String(JSON.parse(text).error.message);
  } catch {
    return "";
  }
}

/**
 * Whether hls.js itself asks again: not where that is no matter of time. (It takes no answer at
 * all for a refusal by another site, unless the browser says that it is offline.)
 * @type {NonNullable<import("hls.js").RetryConfig["shouldRetry"]>}
 */
function isPassing(config, count, _timeout, response, retry) {
  const code = response?.code;
  return code !== FAILED && (retry || (code === 0 && count < (config?.maxNumRetry ?? 0)));
}

/**
 * @param {Hls} Hls
 * @returns {Partial<HlsConfig>}
 */
function configFor(Hls) {
  /** @type {import("hls.js").LoaderConfig} */
  const patient = {
    maxTimeToFirstByteMs: PATIENCE_MS,
    maxLoadTimeMs: 2 * PATIENCE_MS,
    timeoutRetry: { maxNumRetry: RETRIES, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: {
      maxNumRetry: RETRIES,
      retryDelayMs: 500,
      maxRetryDelayMs: ASK_AGAIN_MS,
      backoff: "exponential",
      shouldRetry: isPassing,
    },
  };
  return {
    autoStartLoad: false,
    abrController: exactTimes(Hls),
    // It would seek and nudge a film that stalls: what to do then is the follower's to say.
    gapController: undefined,
    enableWorker: false,
    maxMaxBufferLength: AHEAD_S,
    maxBufferSize: 0, // what fits into so many bytes would count where that is longer
    backBufferLength: BEHIND_S,
    manifestLoadPolicy: { default: patient },
    playlistLoadPolicy: { default: patient },
    fragLoadPolicy: { default: patient },
  };
}

/**
 * hls.js' own choice of levels has nothing to choose here: a plan is one level. It is told of
 * each segment first, before the buffers are, and so can say at which time it belongs.
 * @param {Hls} Hls
 */
function exactTimes({ DefaultConfig, Events }) {
  return class extends DefaultConfig.abrController {
    /** @param {import("hls.js").default} hls */
    constructor(hls) {
      hls.on(Events.BUFFER_APPENDING, (_event, data) => {
        if (data.offset !== undefined) data.offset = 0;
      });
      super(hls);
    }
  };
}
