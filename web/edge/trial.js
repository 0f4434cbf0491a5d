// @ts-check
/**
 * Whether the film can be played here: found out by letting the element try. A film that can't
 * be fetched is a matter of time and is tried again; one that can't be decoded is said so.
 */
import { whySilent, whyUnplayable } from "../core/playability.js";

/** A film that can't be fetched is tried again after this long, seconds. */
const REFETCH_S = 3;
/** Sound that has not been decoded once so much was played never will be, seconds. */
const LISTEN_FOR_S = 2;
/** WebKit tells the size of the picture a moment after the rest, milliseconds. */
const LOOK_AGAIN_MS = 1000;

/** @typedef {HTMLVideoElement & {webkitAudioDecodedByteCount?: number, mozHasAudio?: boolean}} Element */

export class Trial {
  /** Why this browser can't play the film; empty while nothing speaks against it. */
  trouble = "";
  /** Why nothing is heard, though the film is seen; empty while nothing speaks against it. */
  silence = "";

  #element;
  #changed;
  #again;
  /** @type {import("../core/messages.js").Item | null} */
  #item = null;
  #source = "";
  /** Each form that is tried; a verdict on one before says nothing of it. */
  #turn = 0;
  /** Whether what is in the element is the film, and no longer what was there before. */
  #loaded = false;
  #listened = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #refetch;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #secondLook;

  /**
   * @param {Element} element
   * @param {() => void} changed the verdict did
   * @param {() => void} again the film should be loaded once more
   */
  constructor(element, changed, again) {
    this.#element = element;
    this.#changed = changed;
    this.#again = again;
    element.addEventListener("loadedmetadata", () => (this.#loaded = true));
    for (const name of ["loadedmetadata", "resize", "error"]) {
      element.addEventListener(name, () => this.#judge());
    }
    element.addEventListener("timeupdate", () => this.#listen());
  }

  /**
   * A film is about to be loaded; null: there is nothing to judge.
   * @param {import("../core/messages.js").Item | null} item
   * @param {string} source where its bytes are
   */
  begin(item, source) {
    clearTimeout(this.#refetch);
    clearTimeout(this.#secondLook);
    this.#turn += 1;
    this.#item = item;
    this.#source = source;
    this.#loaded = false;
    this.#listened = false;
    this.trouble = "";
    this.silence = "";
  }

  /** It can't be had just now: try again in a while. */
  retryLater() {
    clearTimeout(this.#refetch);
    this.#refetch = setTimeout(this.#again, REFETCH_S * 1000);
  }

  /**
   * It can't be played, as somebody else has found out.
   * @param {import("../core/messages.js").Item} item
   * @param {string} why in words for a person; empty: as for a codec that is not known
   */
  blame(item, why) {
    this.begin(item, this.#source);
    const refused = { errorCode: 4, hasMetadata: false, videoWidth: 0 };
    this.trouble = why || whyUnplayable(item, refused);
    this.#changed();
  }

  /**
   * Nothing is heard of it, whatever is tried; the picture goes on.
   * @param {import("../core/messages.js").Item} item
   */
  hush(item) {
    this.begin(item, this.#source);
    this.#loaded = true;
    this.#listened = true;
    this.silence = whySilent(item);
    this.#changed();
  }

  async #judge(isSecondLook = false) {
    const { error, readyState, videoWidth } = this.#element;
    const item = this.#item;
    if (!item) return;
    const turn = this.#turn;
    const errorCode = error?.code ?? 0;
    const reachable = errorCode === 0 || (await this.#reachable());
    if (turn !== this.#turn) return;
    if (!reachable) return this.retryLater();
    clearTimeout(this.#secondLook);
    const trouble = whyUnplayable(item, { errorCode, hasMetadata: readyState >= 1, videoWidth });
    if (trouble && errorCode === 0 && !isSecondLook) {
      this.#secondLook = setTimeout(() => this.#judge(true), LOOK_AGAIN_MS);
      return;
    }
    this.trouble = trouble;
    this.#changed();
  }

  /** Whether the bytes can be had: a film that is gone fails just as a foreign codec does. */
  async #reachable() {
    if (this.#element.error?.code === MediaError.MEDIA_ERR_NETWORK) return false;
    try {
      return (await fetch(this.#source, { headers: { Range: "bytes=0-0" } })).ok;
    } catch {
      return false;
    }
  }

  #listen() {
    if (!this.#loaded || this.#listened || !this.#item?.audio_codec || this.trouble) return;
    const { played } = this.#element;
    let playedS = 0;
    for (let i = 0; i < played.length; i++) playedS += played.end(i) - played.start(i);
    if (playedS < LISTEN_FOR_S) return;
    this.#listened = true;
    if (hasSound(this.#element) !== false) return;
    this.silence = whySilent(this.#item);
    this.#changed();
  }
}

/**
 * Whether sound is decoded; null where the browser does not tell. (Muted sound is decoded too.)
 * @param {Element} element
 * @returns {boolean | null}
 */
function hasSound({ webkitAudioDecodedByteCount: bytes, mozHasAudio }) {
  if (bytes !== undefined) return bytes > 0;
  return mozHasAudio ?? null;
}
