// @ts-check
/**
 * Subtitles drawn over the picture: text as text nodes, pictures at their places. What is due is
 * told by `edge/subtitles`; sizes and places are the style sheet's.
 */
import { isLow, placed } from "../core/cues.js";
import { byId, make } from "./elements.js";

/**
 * @typedef {import("../core/cues.js").Cue} Cue
 * @typedef {import("../core/cues.js").Picture} Picture
 */

const STYLES = /** @type {const} */ ([["bold", "b"], ["italic", "i"], ["underline", "u"]]);
const SHIFTS = { start: "0", center: "-50%", end: "-100%" };
/** Text keeps so much room, percent of the picture's width, however near the edge it stands. */
const LEAST_WIDTH = 30;
const EDGE = 5;
/** The controls' height, as in the style sheet. */
const BAR_REM = 6.2;
/** Of its size, tried in turn until the text fits: fewer lines wrap, so it can't be calculated. */
const SCALES = [1, 0.9, 0.8, 0.7, 0.6, 0.5];

export class SubtitleOverlay {
  #element = byId("subtitles");
  #film;
  /** @type {HTMLElement[]} */
  #boxes = [];
  /** @type {{picture: Picture, image: HTMLImageElement}[]} */
  #images = [];
  /** @type {import("../core/subtitle_choice.js").Place} */
  #place = "bottom";

  /** @param {HTMLVideoElement} film */
  constructor(film) {
    this.#film = film;
    const fit = () => this.#fit();
    new ResizeObserver(fit).observe(film);
    for (const name of ["resize", "loadedmetadata", "emptied"]) film.addEventListener(name, fit);
    fit();
  }

  /** @param {{size: string, place: import("../core/subtitle_choice.js").Place, language: string}} look */
  look({ size, place, language }) {
    const { dataset } = this.#element;
    const changed = dataset.size !== size || dataset.place !== place;
    dataset.size = size;
    dataset.place = place;
    this.#element.lang = language;
    this.#place = place;
    if (!changed) return;
    this.#placeImages();
    this.#keepAllInside();
  }

  /**
   * @param {Cue[]} cues
   * @param {{picture: Picture, address: string}[]} pictures
   */
  show(cues, pictures) {
    /** @type {Map<string, HTMLElement>} */
    const boxes = new Map();
    for (const cue of cues) {
      const key = JSON.stringify([cue.line, cue.lineAnchor, cue.position, cue.align]);
      const box = boxes.get(key) ?? boxOf(cue);
      boxes.set(key, box);
      box.append(lineOf(cue));
    }
    this.#images = pictures.map(({ picture, address }) => ({ picture, image: imageOf(address) }));
    this.#placeImages();
    this.#element.replaceChildren(...boxes.values(), ...this.#images.map(({ image }) => image));
    this.#boxes = [...boxes.values()];
    this.#keepAllInside();
  }

  #placeImages() {
    const pictures = placed(this.#images.map(({ picture }) => picture), this.#place);
    this.#images.forEach(({ image }, i) => {
      const { x, y, width, height } = pictures[i];
      image.className = isLow(pictures[i]) ? "low" : "";
      Object.assign(image.style, {
        left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%`,
      });
    });
  }

  #keepAllInside() {
    for (const box of this.#boxes) this.#keepInside(box);
  }

  /**
   * Many lines in large letters on a small screen: smaller, rather than with the first line cut
   * off, controls shown or not.
   * @param {HTMLElement} box
   */
  #keepInside(box) {
    box.style.fontSize = "";
    const { clientHeight: height, dataset } = this.#element;
    if (box.classList.contains("placed") || dataset.place === "top" || !height) return;
    const below = (this.#film.clientHeight - height) / 2;
    const barPx = BAR_REM * parseFloat(getComputedStyle(document.documentElement).fontSize);
    const bottom = Math.max(height - box.offsetTop - box.offsetHeight, barPx - below);
    for (const scale of SCALES) {
      if (scale < 1) box.style.fontSize = `calc(var(--font) * ${scale})`;
      if (box.offsetHeight <= height + below - bottom) return;
    }
  }

  /** Lie exactly over the picture, whose shape is not the element's. */
  #fit() {
    const { clientWidth: width, clientHeight: height, videoWidth, videoHeight } = this.#film;
    const scale = videoWidth ? Math.min(width / videoWidth, height / videoHeight) : 0;
    const [across, down] = scale ? [videoWidth * scale, videoHeight * scale] : [width, height];
    const { style } = this.#element;
    style.width = `${across}px`;
    style.height = `${down}px`;
    style.setProperty("--below", `${(height - down) / 2}px`);
    this.#keepAllInside();
  }
}

/** @param {Cue} cue */
function boxOf({ line, lineAnchor, position, align }) {
  const box = make("div", line === null ? "cues" : "cues placed");
  box.style.textAlign = align;
  const shifts = [];
  if (position === null) {
    box.style.insetInline = `${EDGE}%`;
  } else {
    const room = { start: 100 - position, center: 2 * Math.min(position, 100 - position), end: position }[align];
    box.style.left = `${position}%`;
    box.style.maxWidth = `${Math.max(LEAST_WIDTH, room)}%`;
    shifts.push(`translateX(${SHIFTS[align]})`);
  }
  if (line !== null) {
    box.style.top = `${line}%`;
    shifts.push(`translateY(${SHIFTS[lineAnchor]})`);
  }
  box.style.transform = shifts.join(" ");
  return box;
}

/** @param {Cue} cue */
function lineOf({ runs }) {
  const line = make("p", "cue");
  line.dir = "auto";
  const text = make("span", "");
  for (const run of runs) {
    /** @type {Node} */
    let node = document.createTextNode(run.text);
    for (const [style, tag] of STYLES) {
      if (!run[style]) continue;
      const styled = document.createElement(tag);
      styled.append(node);
      node = styled;
    }
    text.append(node);
  }
  line.append(text);
  return line;
}

/** @param {string} address */
function imageOf(address) {
  const image = document.createElement("img");
  image.alt = "";
  image.src = address;
  return image;
}
