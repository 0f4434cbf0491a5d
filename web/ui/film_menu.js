// @ts-check
/**
 * The menu "Picture and sound": this device's quality and soundtrack, and, for whoever has
 * control, the chapters, and the soundtrack that everyone starts from. It opens over the film, in
 * fullscreen too.
 * What a choice does is `edge/selection`'s.
 */
import { chapterCues } from "../core/chapters.js";
import { inControl } from "../core/intents.js";
import { QUALITIES, qualityWords } from "../core/quality.js";
import { defaultTrack, trackWords } from "../core/soundtracks.js";
import { clockTime } from "../core/wording.js";
import { byId, setText } from "./elements.js";
import { FilmLayer } from "./film_layer.js";
import { fill } from "./select.js";

/**
 * @typedef {import("../core/store.js").State} State
 * @typedef {import("../edge/selection.js").Selection} Selection
 * @typedef {import("../core/quality.js").QualityChoice} QualityChoice
 */

/** Of the select: the room's choice. */
const ROOM = "";

export class FilmMenu {
  #selection;
  #state;
  #positionS;
  #layer = new FilmLayer("film-menu-layer", {
    button: "open-film-menu", close: "film-menu-close", title: "film-menu-title",
  });
  /** @type {readonly import("../core/chapters.js").ChapterCue[]} */
  #chapters = [];
  #quality = /** @type {HTMLSelectElement} */ (byId("quality"));
  #soundtrack = /** @type {HTMLSelectElement} */ (byId("soundtrack"));
  #roomSoundtrack = /** @type {HTMLSelectElement} */ (byId("room-soundtrack"));
  /** @type {import("../edge/player.js").Playback | null} */
  #playback = null;

  /**
   * @param {object} parts
   * @param {Selection} parts.selection
   * @param {() => State} parts.state
   * @param {() => number} parts.positionS where the room is now
   * @param {(wish: import("../core/intents.js").Wish) => void} parts.ask or say why not
   * @param {(choice: QualityChoice) => void} parts.rememberQuality
   * @param {(wanted: Selection["soundtrack"]) => void} parts.rememberSoundtrack
   * @param {(intent: import("../core/messages.js").Intent) => void} parts.send
   */
  constructor({ selection, state, positionS, ask, rememberQuality, rememberSoundtrack, send }) {
    this.#selection = selection;
    this.#state = state;
    this.#positionS = positionS;
    byId("chapters").addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) ask({ kind: "seek", positionS: Number(button.value) });
    });
    this.#quality.addEventListener("change", () => {
      const choice = /** @type {QualityChoice} */ (this.#quality.value);
      selection.quality = choice;
      rememberQuality(choice);
      this.#renderQuality();
    });
    this.#soundtrack.addEventListener("change", () => {
      const { value } = this.#soundtrack;
      selection.audio = value === ROOM ? null : Number(value);
      rememberSoundtrack(selection.soundtrack);
    });
    this.#roomSoundtrack.addEventListener("change", () => {
      const { item, tracks } = state();
      const audio = Number(this.#roomSoundtrack.value);
      this.#renderSoundtracks(state());
      send({ type: "choose_tracks", item: item?.id ?? null, audio, subtitle: tracks.subtitle });
    });
  }

  /** @param {State} state */
  render(state) {
    if (state.place !== "room") this.#layer.leave();
    this.#renderChapters(state);
    this.#renderSoundtracks(state);
    this.#offerMenu(state);
  }

  /** @param {import("../edge/player.js").Playback} playback */
  showPlayback(playback) {
    this.#playback = playback;
    this.#renderQuality();
    this.#renderChapters(this.#state());
    this.#offerMenu(this.#state());
  }

  /** Nothing to choose, no menu. @param {State} state */
  #offerMenu(state) {
    const fields = [...byId("film-menu").querySelectorAll(".field")];
    const something = state.item !== null && fields.some((field) => !(/** @type {HTMLElement} */ (field).hidden));
    this.#layer.offer(something);
  }

  #renderQuality() {
    const { ladder = [], quality: now = "" } = this.#playback ?? {};
    const choice = this.#selection.quality;
    byId("quality-field").hidden = ladder.length < 2;
    const known = QUALITIES.filter((quality) => ladder.includes(quality) || quality === choice);
    const offers = /** @type {QualityChoice[]} */ (["auto", ...known]);
    fill(this.#quality, offers.map((value) => ({ value, words: qualityWords(value) })), choice);
    const other = now && now !== choice ? `At the moment: ${qualityWords(now)}` : "";
    setText(byId("quality-note"), other);
  }

  /** @param {State} state */
  #renderChapters(state) {
    const cues = chapterCues(state.item);
    byId("chapter-field").hidden = cues.length < 2 || !inControl(state);
    const list = byId("chapters");
    if (cues !== this.#chapters) {
      this.#chapters = cues;
      list.replaceChildren(...cues.map(chapterItem));
    }
    const here = cues.findLastIndex(({ startTime }) => startTime <= this.#positionS());
    for (const [index, button] of list.querySelectorAll("button").entries()) {
      button.ariaCurrent = String(index === here);
    }
  }

  /** @param {State} state */
  #renderSoundtracks(state) {
    const { item, tracks } = state;
    const all = item?.audio_tracks ?? [];
    const rooms = all.find(({ index }) => index === tracks.audio) ?? defaultTrack(item);
    const offers = all.map((track) => ({ value: String(track.index), words: trackWords(track) }));
    const room = rooms ? `As the room: ${trackWords(rooms)}` : "As the room";
    byId("soundtrack-field").hidden = all.length < 2;
    fill(this.#soundtrack, [{ value: ROOM, words: room }, ...offers], String(this.#selection.audio ?? ROOM));
    byId("room-soundtrack-field").hidden = all.length < 2 || !inControl(state);
    fill(this.#roomSoundtrack, offers, String(rooms?.index ?? ROOM));
  }
}

/** @param {import("../core/chapters.js").ChapterCue} cue */
function chapterItem({ text, startTime }) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.value = String(startTime);
  button.textContent = [clockTime(startTime), text].filter(Boolean).join(" · ");
  item.append(button);
  return item;
}
