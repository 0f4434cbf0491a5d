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

/** How much to have ready: the host prepares up to a minute ahead of the furthest guest, seconds. */
const AHEAD_S = 30;
/** Kept for a jump back, seconds. */
const BEHIND_S = 20;
/** The host holds a request until the segment is made: behind a conversion in a queue it may take long. */
const PATIENCE_MS = 60_000;
const RETRIES = 6;
/** The host's answer where a segment can't be made: that is not a matter of time. */
const FAILED = 500;
/** What can't be had of a playlist: there the host failed, or was told to stop. */
const PLAYLISTS = new Set(["manifestLoadError", "levelLoadError", "audioTrackLoadError"]);
/** Of each new segment's transfer, the older ones' together count so much. */
const MEMORY = 0.7;

/** @typedef {typeof import("hls.js").default} Hls */
/** @typedef {import("hls.js").HlsConfig} HlsConfig */

/** @type {Promise<any> | null} */
let library = null;

/**
 * hls.js, fetched once and only by who needs it.
 * @returns {Promise<Hls>}
 */
export async function loadLibrary() {
  // Not a literal: its types are the package's, its place is the host's.
  const place = "/vendor/hls.min.mjs";
  library ??= import(place);
  try {
    return (await library).default;
  } catch (error) {
    library = null;
    throw error;
  }
}

export class Stream {
  #hls;
  #element;
  #events;
  #bitrate = 0;
  #bits = 0;
  #transferS = 0;

  /**
   * Attach to the element; nothing is fetched before `start`.
   * @param {Hls} Hls
   * @param {HTMLVideoElement} element
   * @param {(what: "network" | "media" | "host", why: string) => void} failed hls.js gave up
   */
  constructor(Hls, element, failed) {
    this.#element = element;
    this.#events = Hls.Events;
    this.#hls = new Hls(configFor(Hls));
    this.#hls.on(Hls.Events.ERROR, (_event, { fatal, type, details, response }) => {
      // Of a playlist, hls.js would ask six times in half a minute, whatever `shouldRetry` says.
      const refused = response?.code === FAILED && (fatal || PLAYLISTS.has(details));
      if (refused) failed("host", details);
      else if (!fatal) return;
      else failed(type === Hls.ErrorTypes.NETWORK_ERROR ? "network" : "media", details);
    });
    this.#hls.on(Hls.Events.FRAG_LOADED, (_event, { frag }) => this.#weigh(frag));
    this.#hls.attachMedia(element);
  }

  /** Whether the element still holds what was attached to it. */
  get intact() {
    // A managed source is attached as a child, so that there may be another for AirPlay.
    const src = this.#element.getAttribute("src") ?? this.#element.querySelector("source")?.src ?? "";
    return src.startsWith("blob:");
  }

  /** How much faster data comes than it plays; null before anything has come. */
  get ratio() {
    return this.#bitrate > 0 && this.#transferS > 0 ? this.#bits / this.#transferS / this.#bitrate : null;
  }

  /**
   * Only from its first byte on: what passes before that is the host's making of it, and no
   * matter of the network. (hls.js' own estimate counts it.)
   * @param {import("hls.js").Fragment} frag
   */
  #weigh({ type, duration, stats: { loaded, loading } }) {
    const bits = loaded * 8;
    this.#bits = this.#bits * MEMORY + bits;
    this.#transferS = this.#transferS * MEMORY + (loading.end - loading.first) / 1000;
    if (type === "main" && duration > 0) this.#bitrate = bits / duration;
  }

  /**
   * Fetch the playlists, then segments from where the element is by then.
   * @param {string} url
   */
  start(url) {
    const hls = this.#hls;
    hls.once(this.#events.MANIFEST_PARSED, () => hls.startLoad(this.#element.currentTime));
    hls.loadSource(url);
  }

  close() {
    this.#hls.destroy();
  }
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
      maxRetryDelayMs: 8000,
      backoff: "exponential",
      shouldRetry: (_config, _count, _timeout, response, retry) => retry && response?.code !== FAILED,
    },
  };
  return {
    autoStartLoad: false,
    abrController: exactTimes(Hls),
    // It would seek and nudge a film that stalls: what to do then is the follower's to say.
    gapController: undefined,
    enableWorker: false,
    maxBufferLength: AHEAD_S,
    maxMaxBufferLength: AHEAD_S,
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
