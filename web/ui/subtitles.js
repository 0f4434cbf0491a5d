// @ts-check
/**
 * Subtitles as this person wants them: the menu, the key, and what is remembered. Fetching is
 * `edge/subtitles`'s, drawing `subtitle_overlay`'s.
 */
import { inControl } from "../core/intents.js";
import { isOver } from "../core/store.js";
import {
  chosenTrack, PLACES, SIZES, subtitleWords, toggled, withTrack,
} from "../core/subtitle_choice.js";
import { Subtitles } from "../edge/subtitles.js";
import { byId, setNote } from "./elements.js";
import { FilmLayer } from "./film_layer.js";
import { fill } from "./select.js";
import { SubtitleOverlay } from "./subtitle_overlay.js";

/**
 * @typedef {import("../core/store.js").State} State
 * @typedef {import("../core/subtitle_choice.js").Wanted} Wanted
 * @typedef {import("../core/messages.js").SubtitleTrack} SubtitleTrack
 */

/** Values of the lists that are no track. */
const [ROOM, NONE] = ["room", "none"];

export class SubtitleMenu {
  #state;
  #send;
  #say;
  #remember;
  #wanted;
  #overlay;
  #subtitles;
  /** @type {import("../core/store.js").Link} */
  #link = "idle";
  #button = byId("open-subtitles");
  #layer = new FilmLayer("subtitle-layer", {
    button: "open-subtitles", close: "subtitle-close", title: "subtitle-title",
  });
  #own = /** @type {HTMLSelectElement} */ (byId("subtitle-track"));
  #rooms = /** @type {HTMLSelectElement} */ (byId("room-subtitles"));
  #size = /** @type {HTMLSelectElement} */ (byId("subtitle-size"));
  #place = /** @type {HTMLSelectElement} */ (byId("subtitle-place"));

  /**
   * @param {object} parts
   * @param {HTMLVideoElement} parts.film
   * @param {() => State} parts.state
   * @param {Wanted} parts.wanted as remembered
   * @param {(wanted: Wanted) => void} parts.remember
   * @param {(intent: import("../core/messages.js").Intent) => void} parts.send
   * @param {(text: string, warning?: boolean) => void} parts.say show a short word over the picture
   */
  constructor({ film, state, wanted, remember, send, say }) {
    this.#state = state;
    this.#wanted = wanted;
    this.#remember = remember;
    this.#send = send;
    this.#say = say;
    this.#overlay = new SubtitleOverlay(film);
    this.#subtitles = new Subtitles(film, {
      shown: (cues, pictures) => this.#overlay.show(cues, pictures),
      told: (text, error) => {
        setNote(byId("subtitle-note"), text);
        if (error) say(text, true);
      },
    });
    this.#listen();
    for (const [select, offers] of /** @type {const} */ ([[this.#size, SIZES], [this.#place, PLACES]])) {
      fill(select, offers.map(([value, words]) => ({ value, words })), "");
    }
  }

  /** Off, or on again, as by a key. */
  toggle() {
    const { item, tracks } = this.#state();
    if (!item) return;
    this.#want(toggled(this.#wanted, item, tracks.subtitle, navigator.languages ?? []));
    const track = this.#track;
    const none = item.subtitle_tracks.length === 0;
    if (none) this.#say("This film has no subtitles.");
    else this.#say(track ? `Subtitles: ${this.#words(track)}` : "Subtitles off");
  }

  /** @param {State} state */
  render(state) {
    const { item, tracks, place, link } = state;
    const all = item?.subtitle_tracks ?? [];
    const offers = all.map((track) => ({ value: trackValue(track), words: this.#words(track) }));
    const rooms = all.find(({ id }) => id === tracks.subtitle) ?? null;
    const as = { value: ROOM, words: `As the room: ${rooms ? this.#words(rooms) : "off"}` };
    const none = { value: NONE, words: "Off" };
    const watching = place === "room" && !isOver(state);
    const track = watching ? this.#track : null;
    const { follow, size, place: where } = this.#wanted;
    fill(this.#own, [as, none, ...offers], follow === "room" ? ROOM : track ? trackValue(track) : NONE);
    fill(this.#rooms, [none, ...offers], rooms ? trackValue(rooms) : NONE);
    byId("room-subtitles-field").hidden = !inControl(state);
    this.#size.value = size;
    this.#place.value = where;
    this.#button.classList.toggle("on", track !== null);
    this.#layer.offer(all.length > 0);
    if (!watching) this.#layer.leave();
    this.#overlay.look({ size, place: where, language: track?.language ?? "" });
    this.#subtitles.show(track && item ? sourceOf(item.id, track, this.#words(track)) : null);
    if (link === "open" && this.#link !== "open") this.#subtitles.retry();
    this.#link = link;
  }

  get #track() {
    const { item, tracks } = this.#state();
    return chosenTrack(this.#wanted, item, tracks.subtitle);
  }

  /** @param {SubtitleTrack} track */
  #words(track) {
    const index = this.#state().item?.subtitle_tracks.indexOf(track) ?? 0;
    return subtitleWords(track, index);
  }

  /** @param {string} value of one of the lists */
  #meant(value) {
    const { item } = this.#state();
    return item?.subtitle_tracks.find((track) => trackValue(track) === value) ?? null;
  }

  /** @param {Wanted} wanted */
  #want(wanted) {
    this.#wanted = wanted;
    this.#remember(wanted);
    this.render(this.#state());
  }

  #listen() {
    this.#own.addEventListener("change", () => {
      const { value } = this.#own;
      const { item } = this.#state();
      if (value === ROOM) this.#want({ ...this.#wanted, follow: "room" });
      else this.#want(withTrack(this.#wanted, item, this.#meant(value)));
    });
    this.#rooms.addEventListener("change", () => {
      const { item, tracks } = this.#state();
      const subtitle = this.#meant(this.#rooms.value)?.id ?? null;
      this.render(this.#state()); // the screen shows what holds until it is confirmed
      this.#send({ type: "choose_tracks", item: item?.id ?? null, audio: tracks.audio, subtitle });
    });
    this.#size.addEventListener("change", () =>
      this.#want({ ...this.#wanted, size: /** @type {Wanted["size"]} */ (this.#size.value) }));
    this.#place.addEventListener("change", () =>
      this.#want({ ...this.#wanted, place: /** @type {Wanted["place"]} */ (this.#place.value) }));
  }
}

/** @param {SubtitleTrack} track */
function trackValue({ id }) {
  return `track ${id}`;
}

/**
 * @param {string} itemId
 * @param {SubtitleTrack} track
 * @param {string} label
 * @returns {import("../edge/subtitles.js").Source}
 */
function sourceOf(itemId, { id, kind, language }, label) {
  const form = kind === "text" ? "vtt" : "json";
  const address = `/media/${encodeURIComponent(itemId)}/subtitles/${encodeURIComponent(id)}.${form}`;
  return { kind, address, language, label };
}
