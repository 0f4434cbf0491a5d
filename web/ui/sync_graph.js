// @ts-check
/**
 * The graph of this device's error over the last minute, drawn only while somebody looks at it,
 * and told in words to who can't see it. Its geometry is `core/graph`'s.
 */
import { plotOf } from "../core/graph.js";
import { minuteWords } from "../core/sync_words.js";
import { refreshS } from "../edge/display.js";
import { byId, setText } from "./elements.js";

/** New samples come four times a second; more drawing would show nothing new. */
const EVERY_MS = 250;
/** For who wants things to keep still. */
const EVERY_STILL_MS = 2000;
/** Room beside the plot for the scale, CSS pixels. */
const MARGIN = 44;

export class SyncGraph {
  #canvas = /** @type {HTMLCanvasElement} */ (byId("sync-graph"));
  #history;
  #refreshS = 1 / 60;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** @param {import("../core/error_history.js").ErrorHistory} history */
  constructor(history) {
    this.#history = history;
  }

  start() {
    this.stop();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#timer = setInterval(() => this.#draw(), still ? EVERY_STILL_MS : EVERY_MS);
    this.#draw();
    refreshS().then((measuredS) => (this.#refreshS = measuredS));
  }

  stop() {
    clearInterval(this.#timer);
  }

  #draw() {
    if (document.hidden) return;
    const nowS = performance.now() / 1000;
    const samples = this.#history.samples(nowS);
    const deeds = this.#history.deeds(nowS);
    this.#paint(plotOf(samples, deeds, nowS, this.#refreshS));
    const words = minuteWords({
      errorMs: samples.at(-1)?.errorMs ?? null,
      p95Ms: this.#history.p95(nowS),
      seeks: deeds.filter(({ kind }) => kind === "seek").length,
    });
    setText(byId("sync-summary"), words);
    this.#canvas.setAttribute("aria-label", `Error over the last minute. ${words}`);
  }

  /** @param {import("../core/graph.js").Plot} plot */
  #paint({ scaleMs, lines, deeds, band }) {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const pen = this.#canvas.getContext("2d");
    if (!pen || width === 0) return;
    const ratio = devicePixelRatio || 1;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    pen.scale(ratio, ratio);
    const colours = getComputedStyle(this.#canvas);
    const colour = (/** @type {string} */ name) => colours.getPropertyValue(name);
    const x = (/** @type {number} */ share) => MARGIN + share * (width - MARGIN);
    const y = (/** @type {number} */ share) => 8 + share * (height - 16);

    pen.fillStyle = colour("--seam");
    pen.fillRect(x(0), y(band.top), width - MARGIN, y(band.bottom) - y(band.top));
    pen.fillStyle = colour("--dim");
    for (const share of [0, 0.5, 1]) pen.fillRect(x(0), y(share), width - MARGIN, share === 0.5 ? 1 : 0.5);

    for (const { x: share, kind } of deeds) {
      pen.fillStyle = colour(kind === "seek" ? "--alarm" : "--brass");
      pen.fillRect(x(share), y(0), 1, y(1) - y(0));
    }

    pen.strokeStyle = colour("--good");
    pen.lineWidth = 2;
    pen.lineJoin = "round";
    pen.lineCap = "round";
    for (const line of lines) {
      pen.beginPath();
      line.forEach((point, i) => pen[i ? "lineTo" : "moveTo"](x(point.x), y(point.y)));
      if (line.length === 1) pen.lineTo(x(line[0].x), y(line[0].y));
      pen.stroke();
    }

    pen.fillStyle = colour("--dim");
    pen.font = `11px ${colours.fontFamily}`;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const [share, text] of /** @type {[number, string][]} */ ([
      [0, `+${scaleMs}`], [0.5, "0 ms"], [1, `−${scaleMs}`],
    ])) pen.fillText(text, MARGIN - 6, y(share));
  }
}
