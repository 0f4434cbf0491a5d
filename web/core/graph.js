// @ts-check
/**
 * The geometry of a graph of errors over the last minute, in shares of its width and height;
 * drawing it is `ui/sync_graph`'s. The newest is at the right, ahead is up.
 */
import { SPAN_S } from "./error_history.js";

/** @import {Deed, Sample} from "./error_history.js" */

/**
 * What the upper edge may mean, milliseconds: the least that holds nearly every error. One that
 * sticks out, as after a seek, stays at the edge, or all others would be a flat line.
 */
const SCALES_MS = [20, 50, 100, 200, 500, 1000, 2000, 5000];
const NEARLY = 0.95;

/** @typedef {{x: number, y: number}} Point each from 0 to 1, from the upper left */
/**
 * @typedef {object} Plot
 * @property {number} scaleMs the error at the upper edge; the lower one means its negative
 * @property {Point[][]} lines unbroken runs of samples
 * @property {{x: number, kind: Deed["kind"]}[]} deeds
 * @property {{top: number, bottom: number}} band one refresh of the display ahead and behind
 */

/**
 * @param {Sample[]} samples
 * @param {Deed[]} deeds
 * @param {number} nowS
 * @param {number} refreshS time between two refreshes of the display
 * @returns {Plot}
 */
export function plotOf(samples, deeds, nowS, refreshS) {
  const scaleMs = scaleOf(samples);
  const x = (/** @type {number} */ atS) => clamp(1 - (nowS - atS) / SPAN_S);
  const y = (/** @type {number} */ errorMs) => clamp(0.5 - errorMs / scaleMs / 2);
  /** @type {Point[][]} */
  const lines = [];
  /** @type {Point[] | null} */
  let line = null;
  for (const { atS, errorMs } of samples) {
    if (errorMs === null) line = null;
    else if (line) line.push({ x: x(atS), y: y(errorMs) });
    else lines.push((line = [{ x: x(atS), y: y(errorMs) }]));
  }
  return {
    scaleMs,
    lines,
    deeds: deeds.map(({ atS, kind }) => ({ x: x(atS), kind })),
    band: { top: y(refreshS * 1000), bottom: y(-refreshS * 1000) },
  };
}

/** @param {Sample[]} samples */
function scaleOf(samples) {
  const sizesMs = samples
    .flatMap(({ errorMs }) => (errorMs === null ? [] : [Math.abs(errorMs)]))
    .sort((a, b) => a - b);
  const largeMs = sizesMs[Math.ceil(NEARLY * sizesMs.length) - 1] ?? 0;
  return SCALES_MS.find((scaleMs) => scaleMs >= largeMs) ?? SCALES_MS[SCALES_MS.length - 1];
}

/** @param {number} share */
function clamp(share) {
  return Math.min(1, Math.max(0, share));
}
