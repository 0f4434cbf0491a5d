// @ts-check
/**
 * How the follower is tuned to the browser's engine, where one rule does not suit all. Its twin,
 * for simulated players, is tests/simulation/engines.py.
 */
import { BROWSER } from "../core/follower.js";

/**
 * For engines in which a write of `playbackRate` stops the film for a moment. Measured in
 * WebKitGTK: each write loses 20 to 130 ms, while the film left alone drifts by less than 0.1 ms
 * in 3 s; the first start, planned with 62 ms of latency, came 50 ms early. So the rate is never
 * used for corrections: the film is left alone unless only a seek with a timed start helps.
 * @type {Readonly<import("../core/tuning.js").Tuning>}
 */
export const COSTLY_RATES = Object.freeze({
  ...BROWSER,
  startLatencyS: 0.012,
  soundSleepsS: 0,
  frameLeadS: 0,
  frameLeadMaxS: 0,
  deadBandInS: 0.05,
  deadBandOutS: 0.06,
  integralLimit: 0,
  steadyLimit: 0,
  recoveryLimit: 0,
  recoveryLimitMuted: 0,
  recoveryS: 0,
  startBlindS: 0.15,
  briskS: 0,
  seekAboveS: 0.06,
  inSyncS: 0.06,
});

/**
 * For engines whose frames follow the media clock: wherever the start put them, a corrected
 * clock takes them along. Firefox.
 * @type {Readonly<import("../core/tuning.js").Tuning>}
 */
export const FREE_FRAMES = Object.freeze({
  ...BROWSER,
  startLatencyS: 0.062,
  soundSleepsS: 0,
  frameLeadS: 0,
  frameLeadMaxS: 0,
});

/**
 * @param {string} vendor `navigator.vendor`: the one thing by which all of WebKit, on phones
 *   and GTK alike, says that it is WebKit; Firefox leaves it empty
 */
export function tuningFor(vendor) {
  if (vendor.startsWith("Apple")) return COSTLY_RATES;
  return vendor === "" ? FREE_FRAMES : BROWSER;
}
