// @ts-check
/**
 * The one `<video>` element, told what to do and listened to. It carries out the follower's
 * commands, and tells what the browser did by itself from what it was told. When to do what
 * is decided elsewhere; where the bytes come from is `source`'s, whether they can be played
 * here `trial`'s. What fails in one form is tried in another.
 */
import { Source } from "./source.js";
import { Trial } from "./trial.js";

/** Timers fire late by a few ms: wake this early and watch the clock for the rest, seconds. */
const SPIN_S = 0.004;
/** Later than this a start is not made, but planned anew: a seek ahead is better, seconds. */
const MISSED_S = 0.04;
/** A film that played and breaks (a sleep, a driver) is begun anew, but not over and over, seconds. */
const REFRESH_AFTER_S = 60;

const HOST_FAILED = "The host can’t prepare this film for your browser. The host’s window says why.";

/** @typedef {import("../core/intents.js").Wish} Wish */

export class Film {
  #element;
  #changed;
  #reloaded;
  #missed;
  #interfered;
  /** @type {import("../core/messages.js").Item | null} */
  #item = null;
  #rate = 1;
  #playing = false;
  #seekTarget = NaN;
  #starting = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #startTimer;
  #trial;
  #source;
  /** Whether a picture of what is attached was there: from then on a seek may be a person's. */
  #shown = false;
  #refreshedS = -Infinity;
  /** Whether the host could not make a form of this film, and what it said of that. */
  #hostFailed = false;
  #hostWords = "";
  /** What of the film failed last. @type {import("../core/doubts.js").Failure} */
  #failure = "all";

  /** Playing needs a press first: the browser's autoplay rule. */
  blocked = false;

  /**
   * @param {HTMLVideoElement} element
   * @param {object} listeners
   * @param {() => void} listeners.changed something here changed that the follower should see
   * @param {() => void} listeners.reloaded the element begins from nothing, with any film
   * @param {() => void} listeners.missed it was too late for a timed start, which was not made
   * @param {(wish: Wish) => void} listeners.interfered somebody used the element directly
   */
  constructor(element, { changed, reloaded, missed, interfered }) {
    this.#element = element;
    this.#changed = changed;
    this.#reloaded = reloaded;
    this.#missed = missed;
    this.#interfered = interfered;
    this.#trial = new Trial(element, () => this.#judged(), () => this.#reload());
    this.#source = new Source(element, {
      attached: () => this.#attached(),
      failed: (what, why, failure) => this.#failed(what, why, failure),
      changed,
    });
    const on = (/** @type {string} */ names, /** @type {() => void} */ listener) => {
      for (const name of names.split(" ")) element.addEventListener(name, listener);
    };
    on("loadeddata", () => (this.#shown = true));
    on("seeked canplay canplaythrough playing waiting stalled loadeddata", changed);
    on("play pause", () => this.#moved());
    on("seeking", () => this.#seeking());
    on("seeked", () => this.#seekEnded());
    on("ratechange", () => this.#rateChanged());
  }

  get element() {
    return this.#element;
  }

  /** Why this browser can't play the film; empty while nothing speaks against it. */
  get trouble() {
    return this.#trial.trouble;
  }

  /** Why nothing is heard of it; empty while nothing speaks against it. */
  get silence() {
    return this.#trial.silence;
  }

  /** In which form the film comes here, why, and what else may be chosen. */
  get source() {
    return this.#source;
  }

  /** Whether a timed start is still to come. */
  get starting() {
    return this.#starting;
  }

  /**
   * @param {import("../core/messages.js").Item | null} item
   * @param {import("./source.js").Choice} choice
   */
  load(item, choice) {
    if (item?.id === this.#item?.id) return;
    this.#item = item;
    this.#acquit();
    this.#cancelStart();
    this.#source.open(item, choice);
  }

  /** Another quality or soundtrack of the same film. @param {import("./source.js").Choice} choice */
  choose(choice) {
    this.#acquit();
    this.#source.choose(choice);
  }

  /** Try again from nothing, as when what was in the way may be gone. */
  retry() {
    this.#source.forgive();
    this.#acquit();
    if (this.#item) this.#reload();
  }

  #acquit() {
    this.#hostFailed = false;
    this.#failure = "all";
  }

  #reload() {
    this.#cancelStart();
    this.#source.reload();
  }

  /**
   * The film as far as it is asked for: its sound alone, perhaps.
   * @param {import("../core/messages.js").Item} item
   */
  #asked(item) {
    return this.#source.quality === "audio" ? { ...item, video_codec: null } : item;
  }

  /** The element begins from nothing, with whatever the source has put into it. */
  #attached() {
    this.#cancelStart();
    const { settled, address } = this.#source;
    this.#trial.begin(settled && this.#item ? this.#asked(this.#item) : null, address);
    this.#playing = false;
    this.#shown = false;
    this.#seekTarget = NaN;
    this.#element.playbackRate = this.#rate;
    this.#reloaded();
    this.#changed();
  }

  /**
   * @param {"network" | "media" | "reset" | "host" | "none" | "silent"} what
   * @param {string} why
   * @param {import("../core/doubts.js").Failure} [failure]
   */
  #failed(what, why, failure = "all") {
    if (!this.#item) return;
    const nowS = performance.now() / 1000;
    if (what === "network") this.#trial.retryLater();
    else if (what === "silent") this.#trial.hush(this.#item);
    else if (this.#mayBeWell(what) && nowS - this.#refreshedS > REFRESH_AFTER_S) {
      this.#refreshedS = nowS;
      this.#reload();
    } else {
      this.#failure = failure;
      if (what === "host") {
        this.#hostFailed = true;
        this.#hostWords = why || HOST_FAILED;
      }
      const none = what === "none" && why ? `This film can’t be played here: ${why}.` : "";
      this.#trial.blame(this.#asked(this.#item), none || (this.#hostFailed ? this.#hostWords : ""));
    }
  }

  /**
   * Whether it may play if it is begun anew: what has played, or what the browser gave up.
   * @param {string} what failed
   */
  #mayBeWell(what) {
    return what === "reset" || (what === "media" && this.#shown);
  }

  #judged() {
    const { trouble, silence } = this.#trial;
    const byHost = Boolean(trouble) && this.#hostFailed;
    if ((trouble || silence) && this.#source.fallBack(trouble ? this.#failure : "sound", byHost)) {
      this.#failure = "all";
      // Until the other form is here there is nothing to judge.
      this.#trial.begin(null, "");
    }
    this.#changed();
  }

  /** Within a press: make this element one that may play. */
  unlock() {
    this.blocked = false;
    // Playing for an instant, even with nothing loaded, is what lifts the rule in Safari.
    this.#element.play().catch(() => {});
    if (!this.#playing) this.#element.pause();
    this.#changed();
  }

  /** @param {number} positionS */
  seek(positionS) {
    this.pause();
    this.#seekTarget = positionS;
    this.#element.currentTime = positionS;
  }

  pause() {
    this.#cancelStart();
    this.#playing = false;
    if (!this.#element.paused) this.#element.pause();
  }

  /** @param {number} atS local instant, seconds; past: now */
  startAt(atS) {
    this.#cancelStart();
    const waitS = atS - performance.now() / 1000;
    if (waitS <= SPIN_S) {
      this.#start(atS);
      return;
    }
    this.#starting = true;
    this.#startTimer = setTimeout(() => this.#start(atS), (waitS - SPIN_S) * 1000);
  }

  /** @param {number} rate */
  setRate(rate) {
    this.#rate = rate;
    this.#element.playbackRate = rate;
  }

  /**
   * Speech keeps its pitch at another shared speed; at normal speed the stretcher is left out,
   * so that small corrections are honoured and cost nothing (docs/decisions/0015).
   * @param {number} sharedRate
   */
  keepPitchFor(sharedRate) {
    const keep = sharedRate !== 1;
    if (this.#element.preservesPitch !== keep) this.#element.preservesPitch = keep;
  }

  /** Undo what a script may have done to the element; cheap enough for every tick. */
  mend() {
    const element = this.#element;
    if (!this.#source.intact) this.#reload();
    if (element.loop) element.loop = false;
    // A person's press is told of a little late, and the follower would undo it before that.
    if (element.paused === this.#playing) this.#pressed();
  }

  /** @param {number} atS */
  #start(atS) {
    while (performance.now() / 1000 < atS);
    this.#starting = false;
    // A hidden page's timers are always late.
    if (performance.now() / 1000 - atS > MISSED_S && !document.hidden) return this.#missed();
    // A film that breaks off before the room's end: to play it would begin it anew.
    if (this.#element.ended) return;
    this.#playing = true;
    this.#element.play().then(
      () => {
        if (!this.blocked) return;
        this.blocked = false;
        this.#changed();
      },
      (error) => this.#refused(error),
    );
  }

  /** @param {unknown} error */
  #refused(error) {
    // AbortError: a later command overtook this one. NotSupportedError: `error` tells more.
    if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return;
    this.#playing = false;
    // Some browsers let no hidden page begin to play; once it is seen, it may.
    if (document.hidden) return;
    this.blocked = true;
    this.#changed();
  }

  #cancelStart() {
    clearTimeout(this.#startTimer);
    this.#starting = false;
  }

  /** It plays or rests otherwise than it was told: somebody used it directly. */
  #pressed() {
    const { paused, ended, error } = this.#element;
    this.#playing = !paused;
    if (!paused) this.#interfered({ kind: "play" });
    else if (!ended && error === null) this.#interfered({ kind: "pause" });
  }

  /** By now the element may rest again: `unlock` plays for an instant. */
  #moved() {
    if (this.#element.paused === this.#playing) this.#pressed();
    this.#changed();
  }

  #seeking() {
    const { currentTime } = this.#element;
    const ours = Math.abs(currentTime - this.#seekTarget) < 0.5;
    if (!ours && this.#shown) this.#interfered({ kind: "seek", positionS: currentTime });
    this.#changed();
  }

  /** It may be told late, when the next seek is already under way: that one is ours as well. */
  #seekEnded() {
    if (!this.#element.seeking) this.#seekTarget = NaN;
  }

  #rateChanged() {
    const { playbackRate } = this.#element;
    if (Math.abs(playbackRate - this.#rate) < 1e-6) return;
    this.#element.playbackRate = this.#rate;
    this.#interfered({ kind: "rate", rate: playbackRate });
  }
}
