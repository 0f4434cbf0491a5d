// @ts-check
/**
 * Keeps the element in step: shows the follower what is happening, many times a second, and
 * has its commands carried out. It owns the tick and this device's delay, and nothing else;
 * the rule of correction is `core/follower`'s, the element `edge/element`'s.
 *
 * The delay is the head start of a device whose picture or sound comes late (Bluetooth, a
 * television): the follower lives on a clock that is ahead of the server's by so much, so that
 * it does everything that much earlier. Instants are shifted on their way in and back on their
 * way out; the room's own time stays what it is.
 */
import { Cadence } from "../core/cadence.js";
import { Follower } from "../core/follower.js";
import { positionAt } from "../core/timeline.js";
import { canGoOn, spans } from "./data_ahead.js";
import { Film } from "./element.js";
import { Frames } from "./frames.js";
import { Record } from "./record.js";
import { Selection } from "./selection.js";

const TICK_MS = 50;
/** A jump is planned to take so much longer than the last one took. */
const JUMP_SPARE_S = 0.1;
const TOO_SLOW = "This device is too slow for this film; it may stutter.";
const OUT_OF_STEP = "Out of step: this device is being brought back gently.";

/**
 * @typedef {object} Playback
 * @property {import("../core/messages.js").PlaybackState} state
 * @property {number | null} errorMs
 * @property {number | null} errorMinuteMs what 95 % of the last minute's errors stay within
 * @property {number | null} framesMs where frames stand against the timeline, if always the same
 * @property {number | null} startLatencyMs
 * @property {number} delayMs how far this device is told to run ahead
 * @property {string} reason why the film can't be played here, or not well
 * @property {string} obstacle why nothing more comes of it at the moment, in the host's words
 * @property {boolean} blocked a press is needed before it may play
 * @property {import("../core/messages.js").Form} form in which the film comes here
 * @property {string} formReason why not in a simpler one
 * @property {string[]} renditions the names of what the host makes of it
 * @property {import("../core/quality.js").Quality | ""} quality
 * @property {import("../core/quality.js").Quality[]} ladder which of them may be chosen
 * @property {import("../core/messages.js").Limit} limit what keeps this device from better
 */

/** @type {Playback} */
const RESTING = Object.freeze({
  state: "loading", errorMs: null, errorMinuteMs: null, framesMs: null, startLatencyMs: null, delayMs: 0,
  reason: "", obstacle: "", blocked: false, form: "", formReason: "", renditions: [], quality: "",
  ladder: [], limit: "",
});

export class Player {
  #clock;
  #film;
  #frames;
  #tuning;
  #follower;
  #cadence = new Cadence();
  #changed;
  #record;
  #delayMs = 0;
  /** When the latest timed start is due for the follower. */
  #startAtS = 0;
  #selection;
  #active = false;
  /** @type {import("../core/store.js").State | null} */
  #state = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticker;
  #playback = RESTING;

  /**
   * @param {HTMLVideoElement} element
   * @param {import("../core/clock.js").Clock} clock
   * @param {import("../core/tuning.js").Tuning} tuning
   * @param {object} listeners
   * @param {(playback: Playback) => void} listeners.changed
   * @param {(wish: import("../core/intents.js").Wish) => void} listeners.interfered
   */
  constructor(element, clock, tuning, { changed, interfered }) {
    this.#clock = clock;
    this.#tuning = tuning;
    this.#follower = new Follower(tuning);
    this.#changed = changed;
    this.#record = new Record(element, tuning.inSyncS * 1000);
    this.#film = new Film(element, {
      changed: () => this.#tick(),
      reloaded: () => this.#begun(),
      missed: () => {
        this.#follower.missedStart();
        this.#tick();
      },
      interfered,
    });
    this.#selection = new Selection(this.#film);
    this.#frames = new Frames(element, (mediaTimeS, shownAtS, positionS, readAtS) => {
      if (!this.#following) return;
      const shownS = this.#followerNow(shownAtS);
      if (this.#state) this.#cadence.frame(mediaTimeS, shownS, this.#state.timeline);
      this.#follower.frame(mediaTimeS, shownS, positionS, this.#followerNow(readAtS));
    });
  }

  get playback() {
    return { ...this.#playback, errorMinuteMs: this.#record.errorMinuteMs };
  }

  /** Where the room is now, seconds of media time. */
  get roomPositionS() {
    if (!this.#state) return 0;
    const { timeline, item } = this.#state;
    return positionAt(timeline, this.serverNowS, item?.duration_s ?? null);
  }

  get serverNowS() {
    return this.#clock.serverNow(performance.now() / 1000);
  }

  /** How it went lately. */
  get record() {
    return this.#record;
  }

  /** What the follower says of itself. */
  get follower() {
    return this.#follower.status;
  }

  /**
   * What this browser can't do: be corrected finely, tell which frame it shows.
   * @returns {import("../core/messages.js").Limit}
   */
  get browserLimit() {
    if (this.#tuning.steadyLimit === 0) return "rate";
    return this.#frames.supported ? "" : "frames";
  }

  /** Whether this browser tells which frame it shows. */
  get framesTold() {
    return this.#frames.supported;
  }

  /** Which quality and soundtrack this device plays. */
  get selection() {
    return this.#selection;
  }

  get delayMs() {
    return this.#delayMs;
  }

  /** How far this device shall run ahead of the room; below 0: behind. @param {number} delayMs */
  set delayMs(delayMs) {
    if (delayMs === this.#delayMs) return;
    this.#delayMs = delayMs;
    this.#follower.forgive();
    if (this.#film.starting) this.#film.startAt(this.#localOf(this.#startAtS));
    if (this.browserLimit) this.#jump();
    this.#tick();
  }

  /**
   * To where the film will soon be due; the follower starts it in time. For a new delay in a
   * browser in which no small error is mended.
   */
  #jump() {
    const { timeline, item } = this.#state ?? {};
    if (!this.#following || !timeline?.playing || this.#film.element.paused) return;
    const leadS = this.#follower.status.seekLatencyMs / 1000 + JUMP_SPARE_S;
    const nowS = this.#followerNow(performance.now() / 1000);
    this.#record.mark("seek");
    this.#follower.sought(nowS);
    this.#film.seek(positionAt(timeline, nowS + leadS, item?.duration_s ?? null));
  }

  /** What the time is for the follower. @param {number} localS */
  #followerNow(localS) {
    return this.#clock.serverNow(localS) + this.#delayMs / 1000;
  }

  /** The local instant of one of the follower's. @param {number} atS */
  #localOf(atS) {
    return this.#clock.localOf(atS - this.#delayMs / 1000);
  }

  /** The page is seen again: what kept seeks from helping may be over. */
  wake() {
    this.#follower.forgive();
  }

  /** Within a press: from now on the film may play, and plays if it can. */
  unlock() {
    if (this.#film.trouble) this.#film.retry();
    this.#film.unlock();
  }

  /** @param {import("../core/store.js").State} state */
  follow(state) {
    const before = this.#state;
    this.#state = state;
    if (state.item?.id !== before?.item?.id) {
      this.#record.forget();
      this.#selection.load(state);
    } else if (state.tracks !== before?.tracks) this.#selection.follow(state);
    if (!this.#active) {
      this.#active = true;
      this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    }
    if (state.timeline !== before?.timeline) {
      this.#selection.disturbed();
      this.#record.moved();
      this.#film.keepPitchFor(state.timeline.rate);
      this.#tick();
    }
  }

  /** Stop, and forget the film. */
  leave() {
    clearInterval(this.#ticker);
    this.#active = false;
    this.#state = null;
    this.#film.pause();
    this.#selection.load(null);
  }

  /** The element begins from nothing, perhaps in another form. */
  #begun() {
    this.#selection.begun();
    this.#frames.begin();
    this.#follower.beginFilm();
  }

  get #following() {
    const { trouble, blocked, source } = this.#film;
    return this.#active && this.#clock.synchronised && source.form !== "" && !trouble && !blocked;
  }

  #tick() {
    if (!this.#active) return;
    this.#film.mend();
    if (this.#following && this.#state?.item) this.#carryOut(this.#follower.step(this.#observe()));
    const status = this.#following ? this.#follower.status : null;
    this.#record.look(status, this.#state?.item?.frame_rate ?? null);
    // While the host is still making it, waiting says nothing about the network.
    const { link, preparation } = this.#state ?? {};
    if (preparation && this.#film.source.form !== "direct") this.#selection.disturbed();
    else if (link === "open") this.#selection.look(status?.state === "buffering");
    this.#announce();
  }

  /** @returns {import("../core/observation.js").Observation} */
  #observe() {
    const { timeline, item } = /** @type {import("../core/store.js").State} */ (this.#state);
    const element = this.#film.element;
    const localS = performance.now() / 1000;
    const canPlay = canGoOn(element, timeline.playing);
    const moving = !element.paused && !element.seeking;
    this.#frames.look(localS, moving && canPlay);
    return {
      nowS: this.#followerNow(localS),
      timeline,
      durationS: item?.duration_s ?? null,
      frameRate: item?.frame_rate ?? null,
      positionS: element.currentTime,
      paused: element.paused,
      seeking: element.seeking,
      playbackRate: element.playbackRate,
      canPlay,
      buffered: spans(element),
      muted: element.muted || element.volume === 0,
      measurable: this.#frames.fresh(localS, moving),
    };
  }

  /** @param {import("../core/observation.js").Command | null} command */
  #carryOut(command) {
    if (command?.type === "seek" || command?.type === "start") {
      this.#record.mark(command.type);
    }
    switch (command?.type) {
      case "seek":
        return this.#film.seek(command.positionS);
      case "start":
        this.#startAtS = command.atS;
        return this.#film.startAt(this.#localOf(command.atS));
      case "pause":
        return this.#film.pause();
      case "setRate":
        return this.#film.setRate(command.rate);
    }
  }

  #announce() {
    const playback = this.#describe();
    const before = this.#playback;
    this.#playback = playback;
    if (
      playback.state !== before.state ||
      (playback.framesMs !== null && before.framesMs === null) ||
      playback.reason !== before.reason ||
      playback.obstacle !== before.obstacle ||
      playback.blocked !== before.blocked ||
      playback.form !== before.form ||
      playback.formReason !== before.formReason ||
      playback.renditions !== before.renditions ||
      playback.quality !== before.quality ||
      playback.ladder !== before.ladder ||
      playback.limit !== before.limit
    ) {
      this.#changed(playback);
    }
  }

  /** @returns {Playback} */
  #describe() {
    const { trouble, silence, blocked, element, source } = this.#film;
    const { form, reason: formReason, renditions, quality, ladder, obstacle } = source;
    const { delayMs } = this;
    // A page that is hidden, as beside picture-in-picture, is not told which frame is shown either,
    // and where only the sound comes there is none.
    /** @type {import("../core/messages.js").Limit} */
    const limit = this.browserLimit || (document.hidden || this.#frames.none ? "frames" : "");
    const told = { delayMs, limit, form, formReason, renditions, quality, ladder, obstacle };
    const still = { ...RESTING, ...told };
    if (trouble) return { ...still, state: "cannot_play", reason: trouble };
    if (!this.#state?.item || !this.#clock.synchronised || element.readyState < 1 || blocked) {
      return { ...still, blocked };
    }
    const { state, errorMs, startLatencyMs } = this.#follower.status;
    const away = document.hidden && document.pictureInPictureElement !== element;
    const late = this.#record.outOfStep ? OUT_OF_STEP : "";
    const reason = silence || (this.#record.slow ? TOO_SLOW : late);
    const { framesMs } = this.#cadence;
    return { ...still, state: away ? "away" : state, errorMs, framesMs, startLatencyMs, reason };
  }
}
