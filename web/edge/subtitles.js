// @ts-check
/**
 * The subtitles of one track: fetched while the host is still reading them, and told when what is
 * due changes. Which track is chosen, and how it looks, is `ui/subtitles`'s.
 */
import { CueReader, PictureReader, Schedule } from "../core/cues.js";
import { lengthWords } from "../core/forms.js";
import { NativeSubtitles } from "./native_subtitles.js";

/**
 * @typedef {import("../core/cues.js").Cue} Cue
 * @typedef {import("../core/cues.js").Picture} Picture
 * @typedef {{kind: "text" | "picture", address: string, language: string, label: string}} Source
 *
 * @callback Shown
 * @param {Cue[]} cues
 * @param {{picture: Picture, address: string}[]} pictures
 */

const READ = /(?:NOTE read |\{"read":)([\d.]+)(?:(?: |,"left_s":)(\d+))?(?=[\n}])/g;
const BROKEN = /(?:^|\n\n)NOTE broken (.+)\n\n|(?:^|\n)\{"broken":(".*")\},\n/;
const UNREADABLE = "These subtitles can’t be read.";
const NOTHING = "There is nothing in these subtitles that can be read.";
const BROKEN_OFF = "The subtitles break off: the host can’t be reached. Trying again.";
const RETRY_MS = 3000;
const AHEAD_S = 10;
/** The film may play so long, or jump so far, until it is looked which pictures come next. */
const LOOK_AHEAD_S = 1;

export class Subtitles {
  #film;
  #shown;
  #told;
  /** @type {Source | null} */
  #source = null;
  /** @type {AbortController | null} */
  #fetching = null;
  /** @type {Schedule<Cue>} */
  #cues = new Schedule();
  /** @type {Schedule<Picture>} */
  #pictures = new Schedule();
  /** @type {unknown[]} */
  #due = [];
  #ticking = false;
  #failed = false;
  #aheadOfS = -Infinity;
  #native;
  /** @type {Set<string>} */
  #fetched = new Set();

  /**
   * @param {HTMLVideoElement} film
   * @param {object} listeners
   * @param {Shown} listeners.shown what is due now
   * @param {(text: string, error: boolean) => void} listeners.told how reading them goes; empty: well
   */
  constructor(film, { shown, told }) {
    this.#film = film;
    this.#shown = shown;
    this.#told = told;
    this.#native = new NativeSubtitles(film, () => this.#cues.items);
  }

  /** Show these from now on; null: none. @param {Source | null} source */
  show(source) {
    if (source?.address === this.#source?.address) return;
    this.#fetching?.abort();
    this.#source = source;
    this.#failed = false;
    this.#forget();
    this.#fetched.clear();
    this.#tell([], []);
    this.#told("", false);
    if (!source) return;
    this.#fetch(source);
    if (!this.#ticking) this.#tick();
  }

  /** Ask once more for what could not be read: the host may be able to by now. */
  retry() {
    if (!this.#failed || !this.#source) return;
    this.#failed = false;
    this.#fetch(this.#source);
  }

  #tick() {
    this.#ticking = this.#source !== null;
    if (!this.#ticking) return;
    requestAnimationFrame(() => this.#tick());
    const positionS = this.#film.currentTime;
    const [cues, pictures] = [this.#cues.at(positionS), this.#pictures.at(positionS)];
    const due = [...cues, ...pictures];
    if (Math.abs(positionS - this.#aheadOfS) >= LOOK_AHEAD_S) this.#fetchAhead(positionS);
    if (due.length === this.#due.length && due.every((item, n) => item === this.#due[n])) return;
    this.#tell(cues, pictures);
  }

  /**
   * @param {Cue[]} cues
   * @param {Picture[]} pictures
   */
  #tell(cues, pictures) {
    this.#due = [...cues, ...pictures];
    this.#shown(cues, pictures.map((picture) => ({ picture, address: this.#addressOf(picture) })));
  }

  /** @param {Picture} picture */
  #addressOf({ n }) {
    return `${this.#source?.address.replace(/\.json$/, "")}/${n}.png`;
  }

  /** The next pictures, so that they are there when they are due. @param {number} positionS */
  #fetchAhead(positionS) {
    this.#aheadOfS = positionS;
    for (const picture of this.#pictures.items) {
      if (picture.startS > positionS + AHEAD_S) return;
      const address = this.#addressOf(picture);
      if (picture.startS <= positionS || this.#fetched.has(address)) continue;
      this.#fetched.add(address);
      new Image().src = address;
    }
  }

  #forget() {
    this.#cues = new Schedule();
    this.#pictures = new Schedule();
    this.#aheadOfS = -Infinity;
    this.#native.replace();
  }

  /**
   * @param {Source} source
   * @param {boolean} [again] after the answer broke off: that has been said
   */
  async #fetch(source, again = false) {
    const fetching = new AbortController();
    this.#fetching = fetching;
    if (!again) this.#told("Reading the subtitles…", false);
    try {
      await this.#read(source, fetching.signal);
    } catch {
      if (fetching.signal.aborted) return;
      if (!again) this.#told(BROKEN_OFF, true);
      setTimeout(() => !fetching.signal.aborted && this.#fetch(source, true), RETRY_MS);
    }
  }

  /** @param {string} why */
  #fail(why) {
    this.#failed = true;
    this.#told(why, true);
  }

  /**
   * @param {Source} source
   * @param {AbortSignal} signal
   */
  async #read({ address, kind }, signal) {
    const answer = await fetch(address, { signal });
    if (!answer.ok || !answer.body) {
      const { error } = await answer.json().catch(() => ({ error: null }));
      if (!signal.aborted) this.#fail(error?.message ?? UNREADABLE);
      return;
    }
    this.#forget(); // only now: what is known is good while the host is away
    const [cues, pictures] = [new CueReader(), new PictureReader()];
    const decoder = new TextDecoder();
    const reader = answer.body.getReader();
    let [broken, unread] = ["", ""];
    const gap = kind === "text" ? "\n\n" : "\n";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const text = decoder.decode(value, { stream: true });
      unread += text;
      broken ||= brokenBy(unread);
      unread = unread.slice(Math.max(0, unread.lastIndexOf(gap)));
      if (kind === "text") this.#add(cues.push(text));
      else this.#addPictures(pictures.push(text));
      const [, share, leftS] = [...text.matchAll(READ)].slice(-1)[0] ?? [];
      if (Number(share) < 1) this.#told(readingWords(Number(share), leftS), false);
    }
    if (broken) this.#fail(`Incomplete. ${broken}`);
    else if (this.#cues.size + this.#pictures.size === 0) this.#fail(NOTHING);
    else this.#told("", false);
  }

  /** @param {Cue[]} cues */
  #add(cues) {
    this.#cues.add(cues);
    this.#native.add(cues);
  }

  /** @param {Picture[]} pictures */
  #addPictures(pictures) {
    this.#pictures.add(pictures);
    this.#aheadOfS = -Infinity;
  }
}

/**
 * How far the host is with reading them.
 * @param {number} share 0 to 1
 * @param {string | undefined} leftS how long the rest takes, seconds; undefined while nobody knows
 */
function readingWords(share, leftS) {
  const left = leftS === undefined ? "" : ` · about ${lengthWords(Number(leftS))} left`;
  return `Reading the subtitles… ${Math.round(share * 100)} %${left}`;
}

/**
 * Why there is no more, as the host says it; empty while it says nothing.
 * @param {string} text a stretch of its answer, from its start or from the gap before a block
 */
function brokenBy(text) {
  const [, note, json] = BROKEN.exec(text) ?? [];
  return note ?? (json ? String(JSON.parse(json)) : "");
}
