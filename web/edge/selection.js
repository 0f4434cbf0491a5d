// @ts-check
/**
 * Which quality and soundtrack this device plays: as the person says, else as playing goes
 * (quality) and as the room does (soundtrack). How it gets them is `source`'s.
 */
import { Loading } from "../core/loading.js";
import { AutomaticQuality } from "../core/quality.js";
import { ownTrack, soundtrackFor, wantedTrack } from "../core/soundtracks.js";
import { aheadS } from "./data_ahead.js";

/** @typedef {import("../core/store.js").State} State */
/** @typedef {import("../core/quality.js").QualityChoice} QualityChoice */

/** `HTMLMediaElement.networkState`. */
const NETWORK_LOADING = 2;

export class Selection {
  #film;
  #automatic = new AutomaticQuality();
  #loading = new Loading();
  /** @type {QualityChoice} */
  #quality = "auto";
  /** This person's own choice; null: the room's. @type {import("../core/soundtracks.js").Wanted | null} */
  #soundtrack = null;
  /** @type {State | null} */
  #state = null;
  /** When the film was last begun or moved, on the local clock. */
  #disturbedS = 0;
  /** Whether the page was hidden when it was last looked at. */
  #unseen = false;

  /** @param {import("./element.js").Film} film */
  constructor(film) {
    this.#film = film;
  }

  get quality() {
    return this.#quality;
  }

  /** @param {QualityChoice} quality */
  set quality(quality) {
    this.#quality = quality;
    this.#film.choose(this.#choice);
  }

  /** This person's own soundtrack of this film; null: the room's. */
  get audio() {
    return ownTrack(this.#soundtrack, this.#state?.item ?? null);
  }

  /** @param {number | null} index */
  set audio(index) {
    this.soundtrack = wantedTrack(this.#state?.item ?? null, index);
  }

  /** The same as a wish that holds for other films too. */
  get soundtrack() {
    return this.#soundtrack;
  }

  set soundtrack(wanted) {
    this.#soundtrack = wanted;
    this.#film.choose(this.#choice);
  }

  /** Another film, or none. @param {State | null} state */
  load(state) {
    this.#state = state;
    this.#automatic.begin(performance.now() / 1000);
    this.#film.load(state?.item ?? null, this.#choice);
  }

  /** The room chose another soundtrack. @param {State} state */
  follow(state) {
    this.#state = state;
    this.#film.choose(this.#choice);
  }

  /** The element begins from nothing, perhaps in another form. */
  begun() {
    const { ladder, quality } = this.#film.source;
    this.#automatic.offer(ladder, this.#quality === "auto" ? quality : "");
    this.disturbed();
  }

  /** The film was moved: that it waits for data now says nothing about the network. */
  disturbed() {
    this.#disturbedS = performance.now() / 1000;
  }

  /** How it goes, many times a second. @param {boolean} starving */
  look(starving) {
    if (document.hidden) {
      this.#unseen = true;
      return;
    }
    // In a page that nobody sees, timers are held back: that was neither calm nor a stall.
    if (this.#unseen) {
      this.#unseen = false;
      this.#automatic.settle();
      this.disturbed();
    }
    if (this.#quality !== "auto") return;
    const nowS = performance.now() / 1000;
    const readyS = aheadS(this.#film.element);
    const loadingRatio = this.#loadingRatio(nowS, readyS);
    const better = this.#automatic.look({
      nowS,
      starving,
      undisturbedS: nowS - this.#disturbedS,
      ratio: this.#film.source.ratio ?? loadingRatio,
      current: loadingRatio !== null,
      aheadS: readyS,
      bitsPerS: this.#film.source.bitsPerS,
    });
    if (better) this.#film.choose(this.#choice);
  }

  /**
   * Of the file itself; what is known of a stream its source says. (Where a browser plays a stream
   * by itself, it waits for the host as well, which makes it meanwhile.)
   * @param {number} nowS
   * @param {number} readyS
   */
  #loadingRatio(nowS, readyS) {
    const { element, source } = this.#film;
    const { currentTime, networkState, paused, seeking } = element;
    const reading = networkState === NETWORK_LOADING && !seeking && readyS > 0;
    this.#loading.look({
      nowS,
      reading: source.form === "direct" && reading,
      resting: paused,
      rate: this.#state?.timeline.rate ?? 1,
      untilS: currentTime + readyS,
    });
    return this.#loading.ratio;
  }

  /** @returns {import("./source.js").Choice} */
  get #choice() {
    const { item, tracks } = this.#state ?? {};
    const audio = soundtrackFor(item ?? null, this.audio ?? tracks?.audio ?? null);
    if (this.#quality !== "auto") return { quality: this.#quality, audio };
    const { rung, limit } = this.#automatic;
    const automatic = { quality: rung, audio, automatic: true };
    return limit === null ? automatic : { ...automatic, bits_per_s: limit };
  }
}
