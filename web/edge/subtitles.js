// @ts-check
/**
 * The subtitles of one track: fetched while the host is still reading them, and told when what is
 * due changes. Which track is chosen, and how it looks, is `ui/subtitles`'s.
 *
 * An iPhone shows nothing of a page over a film in fullscreen; there the browser's own text track
 * takes over for as long as that lasts.
 */
import { CueReader, PictureReader, Schedule } from "../core/cues.js";

/**
 * @typedef {import("../core/cues.js").Cue} Cue
 * @typedef {import("../core/cues.js").Picture} Picture
 * @typedef {{kind: "text" | "picture", address: string, language: string, label: string}} Source
 *
 * @callback Shown
 * @param {Cue[]} cues
 * @param {{picture: Picture, address: string}[]} pictures
 */

const READ = /(?:NOTE read |\{"read":)([\d.]+)/g;
const BROKEN = /(?:^|\n\n)NOTE broken (.+)\n\n|(?:^|\n)\{"broken":(".*")\},\n/;
const UNREADABLE = "These subtitles can’t be read.";
const NOTHING = "There is nothing in these subtitles that can be read.";
const RETRY_MS = 3000;
const AHEAD_S = 10;

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
  /** @type {TextTrack | null} */
  #native = null;
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
    film.addEventListener("webkitbeginfullscreen", () => this.#showNatively(true));
    film.addEventListener("webkitendfullscreen", () => this.#showNatively(false));
  }

  /** Show these from now on; null: none. @param {Source | null} source */
  show(source) {
    if (source?.address === this.#source?.address) return;
    this.#fetching?.abort();
    this.#source = source;
    this.#cues = new Schedule();
    this.#pictures = new Schedule();
    this.#fetched.clear();
    this.#tell([], []);
    this.#told("", false);
    if (!source) return;
    this.#fetch(source);
    if (!this.#ticking) this.#tick();
  }

  #tick() {
    this.#ticking = this.#source !== null;
    if (!this.#ticking) return;
    requestAnimationFrame(() => this.#tick());
    const positionS = this.#film.currentTime;
    const [cues, pictures] = [this.#cues.at(positionS), this.#pictures.at(positionS)];
    const due = [...cues, ...pictures];
    if (due.length === this.#due.length && due.every((item, n) => item === this.#due[n])) return;
    this.#tell(cues, pictures);
    this.#fetchAhead(positionS);
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
    for (const picture of this.#pictures.items) {
      if (picture.startS > positionS + AHEAD_S) return;
      const address = this.#addressOf(picture);
      if (picture.startS <= positionS || this.#fetched.has(address)) continue;
      this.#fetched.add(address);
      new Image().src = address;
    }
  }

  /** @param {Source} source */
  async #fetch(source) {
    const fetching = new AbortController();
    this.#fetching = fetching;
    try {
      await this.#read(source, fetching.signal);
    } catch {
      if (fetching.signal.aborted) return;
      this.#told("The subtitles break off: the host can’t be reached. Trying again.", true);
      setTimeout(() => !fetching.signal.aborted && this.#fetchAnew(source), RETRY_MS);
    }
  }

  /** @param {Source} source */
  #fetchAnew(source) {
    this.#cues = new Schedule();
    this.#pictures = new Schedule();
    this.#fetch(source);
  }

  /**
   * @param {Source} source
   * @param {AbortSignal} signal
   */
  async #read({ address, kind }, signal) {
    this.#told("Reading the subtitles…", false);
    const answer = await fetch(address, { signal });
    if (!answer.ok || !answer.body) {
      const { error } = await answer.json().catch(() => ({ error: null }));
      this.#told(error?.message ?? UNREADABLE, true);
      return;
    }
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
      else this.#pictures.add(pictures.push(text));
      const [share] = [...text.matchAll(READ)].slice(-1).map((match) => Number(match[1]));
      if (share < 1) this.#told(`Reading the subtitles… ${Math.round(share * 100)} %`, false);
    }
    const nothing = this.#cues.size + this.#pictures.size === 0;
    this.#told(broken ? `Incomplete. ${broken}` : nothing ? NOTHING : "", nothing || broken !== "");
  }

  /** @param {Cue[]} cues */
  #add(cues) {
    this.#cues.add(cues);
    if (this.#native?.mode === "showing") for (const cue of cues) this.#native.addCue(nativeCue(cue));
  }

  /** @param {boolean} natively */
  #showNatively(natively) {
    const track = this.#native ?? this.#film.addTextTrack("subtitles", "Matinee");
    this.#native = track;
    track.mode = "hidden"; // or it has no list of cues
    for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
    if (!natively || !this.#source) return;
    for (const cue of this.#cues.items) track.addCue(nativeCue(cue));
    track.mode = "showing";
  }
}

/**
 * Why there is no more, as the host says it; empty while it says nothing.
 * @param {string} text a stretch of its answer, from its start or from the gap before a block
 */
function brokenBy(text) {
  const [, note, json] = BROKEN.exec(text) ?? [];
  return note ?? (json ? String(JSON.parse(json)) : "");
}

/** @param {Cue} cue */
function nativeCue({ startS, endS, runs, line, position, align }) {
  const text = runs.map(({ text: part }) => part.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)).join("");
  const cue = new VTTCue(startS, endS, text);
  if (line !== null) {
    cue.snapToLines = false;
    cue.line = line;
  }
  if (position !== null) cue.position = position;
  cue.align = align;
  return cue;
}
