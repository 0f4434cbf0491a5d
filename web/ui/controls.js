// @ts-check
/**
 * The player's controls: media-chrome asks, this passes the question on to the room, and what
 * is shown is the room's confirmed answer. Keys work anywhere on the page except where
 * somebody types. Volume, mute and fullscreen are this person's own.
 */
import { inControl, mayPause, SPEEDS } from "../core/intents.js";
import { meaningOf } from "../core/keys.js";
import { speed } from "../core/wording.js";
import { Thumbnails } from "../edge/thumbnails.js";
import { confirmedState, confirmedStore, previewState } from "./confirmed_store.js";
import { byId } from "./elements.js";
import { SeekBar } from "./seek_bar.js";

/** How often the bar learns where the room is; in between it moves by itself. */
const REFRESH_MS = 250;
const VOLUME_STEP = 0.05;

/** @typedef {import("../core/intents.js").Wish} Wish */

/** @type {Record<string, (detail: any) => Wish>} */
const WISHES = {
  mediaplayrequest: () => ({ kind: "play" }),
  mediapauserequest: () => ({ kind: "pause" }),
  mediaseekrequest: (detail) => ({ kind: "seek", positionS: Number(detail) }),
  mediaplaybackraterequest: (detail) => ({ kind: "rate", rate: Number(detail) }),
};
/** Nothing of these exists here: casting would leave the room, and the server loops. */
const IGNORED = ["mediaairplayrequest", "mediaentercastrequest", "medialooprequest"];

export class Controls {
  #ask;
  #explain;
  #toggleSubtitles;
  #state;
  #controller = /** @type {any} */ (byId("player"));
  #film = /** @type {HTMLVideoElement} */ (byId("film"));
  #bar;
  #speed = /** @type {HTMLSelectElement} */ (byId("speed"));
  /** @type {{refresh: () => void} | null} */
  #shown = null;

  /**
   * @param {object} parts
   * @param {(wish: Wish) => void} parts.ask
   * @param {() => void} parts.explain say why the controls don't move
   * @param {() => import("../core/store.js").State} parts.state
   * @param {() => number} parts.positionS where the room is now
   * @param {() => void} parts.toggleSubtitles
   */
  constructor({ ask, explain, state, positionS, toggleSubtitles }) {
    this.#toggleSubtitles = toggleSubtitles;
    this.#ask = ask;
    this.#explain = explain;
    this.#state = state;
    this.#bar = new SeekBar({ ask, state, positionS });
    this.#catchRequests();
    this.#catchKeys();
    this.#guardOthers();
    this.#offerSpeeds();
    customElements.whenDefined("media-controller").then(() => {
      const thumbnails = new Thumbnails(() => shown.refresh());
      const shown = confirmedStore(this.#controller.mediaStore, ({ mediaPreviewTime: timeS }) => {
        const { item } = state();
        const picture = item && timeS !== undefined ? thumbnails.at(item, timeS) : null;
        return { ...confirmedState(state(), positionS()), ...previewState(item, timeS, picture) };
      });
      this.#controller.mediaStore = shown;
      shown.subscribe(() => this.#bar.nameChapter());
      this.#shown = shown;
      setInterval(() => !document.hidden && shown.refresh(), REFRESH_MS);
    });
  }

  /** @param {import("../core/store.js").State} state */
  render(state) {
    const mine = inControl(state) && state.link === "open" && state.item !== null;
    const mayPress = mine || (mayPause(state) && state.timeline.playing && state.link === "open");
    byId("stage").classList.toggle("following", !mine);
    this.#bar.render(mine);
    byId("play-button").setAttribute("aria-disabled", String(!mayPress));
    this.#speed.disabled = !mine;
    const rate = String(state.timeline.rate);
    this.#offer(state.timeline.rate);
    if (this.#speed.value !== rate) this.#speed.value = rate;
    this.#shown?.refresh();
  }

  #catchRequests() {
    for (const [name, wishOf] of Object.entries(WISHES)) {
      this.#intercept(name, (event) => {
        const wish = wishOf(event.detail);
        if (wish.kind === "seek") this.#bar.moved(wish);
        else this.#ask(wish);
      });
    }
    for (const name of IGNORED) this.#intercept(name, () => {});
  }

  /**
   * Before media-chrome's own listener can act on the element.
   * @param {string} name
   * @param {(event: CustomEvent) => void} handle
   */
  #intercept(name, handle) {
    addEventListener(
      name,
      (event) => {
        event.stopImmediatePropagation();
        handle(/** @type {CustomEvent} */ (event));
      },
      { capture: true },
    );
  }

  /** A press on what is not theirs to press only explains. */
  #guardOthers() {
    for (const guard of document.querySelectorAll(".guard")) {
      guard.addEventListener("click", () => {
        if (!inControl(this.#state())) this.#explain();
      });
    }
  }

  #offerSpeeds() {
    for (const rate of SPEEDS) this.#offer(rate);
    this.#speed.addEventListener("change", () => {
      const rate = Number(this.#speed.value);
      this.#speed.value = String(this.#state().timeline.rate);
      // Or the next Space would open the list again instead of pausing.
      this.#speed.blur();
      this.#ask({ kind: "rate", rate });
    });
  }

  /** @param {number} rate */
  #offer(rate) {
    const options = [...this.#speed.options];
    if (options.some((option) => Number(option.value) === rate)) return;
    const after = options.find((option) => Number(option.value) > rate) ?? null;
    this.#speed.insertBefore(new Option(speed(rate), String(rate)), after);
  }

  #catchKeys() {
    addEventListener(
      "keydown",
      (event) => {
        if (byId("room").hidden || document.querySelector("dialog[open]")) return;
        const meaning = meaningOf({
          key: event.key,
          chord: event.ctrlKey || event.altKey || event.metaKey,
          repeat: event.repeat,
          target: keyTarget(event.composedPath()),
        });
        if (!meaning) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        if ("wish" in meaning) this.#ask(meaning.wish);
        else this.#own(meaning.own);
      },
      { capture: true },
    );
  }

  /** @param {"mute" | "fullscreen" | "subtitles" | "louder" | "quieter"} action */
  #own(action) {
    const film = this.#film;
    switch (action) {
      case "mute":
        film.muted = !film.muted;
        return;
      case "subtitles":
        return this.#toggleSubtitles();
      case "fullscreen":
        return this.#request(
          this.#controller.mediaStore.getState().mediaIsFullscreen
            ? "mediaexitfullscreenrequest"
            : "mediaenterfullscreenrequest",
        );
      default: {
        const change = action === "louder" ? VOLUME_STEP : -VOLUME_STEP;
        film.volume = Math.min(1, Math.max(0, film.volume + change));
        if (change > 0) film.muted = false;
      }
    }
  }

  /** @param {string} name */
  #request(name) {
    this.#controller.dispatchEvent(new CustomEvent(name, { composed: true, bubbles: true }));
  }
}

/**
 * What kind of thing has the focus, as `meaningOf` wants it.
 * @param {EventTarget[]} path from the focused element outwards
 */
function keyTarget(path) {
  const names = path.map((target) => (target instanceof HTMLElement ? target.localName : ""));
  const [name] = names;
  if (name === "input") {
    const { type, readOnly } = /** @type {HTMLInputElement} */ (path[0]);
    if (readOnly && type === "text") return "";
    if (type === "range") return names.includes("media-time-range") ? "range" : "slider";
    return type === "checkbox" ? "button" : "input";
  }
  return name.startsWith("media-") && name.endsWith("-button") ? "button" : name;
}
