// @ts-check
/**
 * What this browser remembers: the name, whether to play with sound, its delay, the quality and
 * soundtrack it plays and its subtitles; for this tab, that it was in the room. A browser that
 * refuses storage only forgets.
 */
import { boundedDelayMs } from "../core/delay.js";
import { isChoice } from "../core/quality.js";
import { wantedFrom as soundtrackFrom } from "../core/soundtracks.js";
import { wantedFrom } from "../core/subtitle_choice.js";

const NAME = "matinee.name";
const SOUND = "matinee.sound";
const DELAY = "matinee.delay";
const QUALITY = "matinee.quality";
const SOUNDTRACK = "matinee.soundtrack";
const SUBTITLES = "matinee.subtitles";
const INSIDE = "matinee.inside";

/**
 * @param {() => string | null} read
 * @returns {string | null}
 */
function attempt(read) {
  try {
    return read();
  } catch {
    return null;
  }
}

/**
 * @param {() => void} write
 */
function keep(write) {
  try {
    write();
  } catch {
    // Private windows and full disks: the choice lasts as long as the page.
  }
}

export function rememberedName() {
  return attempt(() => localStorage.getItem(NAME)) ?? "";
}

export function rememberedSound() {
  return attempt(() => localStorage.getItem(SOUND)) !== "off";
}

/**
 * @param {string} name
 * @param {boolean} withSound
 */
export function remember(name, withSound) {
  keep(() => {
    localStorage.setItem(NAME, name);
    localStorage.setItem(SOUND, withSound ? "on" : "off");
  });
}

/** This device's delay, milliseconds. */
export function rememberedDelayMs() {
  return boundedDelayMs(Number(attempt(() => localStorage.getItem(DELAY))));
}

/** @param {number} delayMs */
export function rememberDelay(delayMs) {
  keep(() => localStorage.setItem(DELAY, String(delayMs)));
}

/** @returns {import("../core/quality.js").QualityChoice} */
export function rememberedQuality() {
  const value = attempt(() => localStorage.getItem(QUALITY));
  return isChoice(value) ? value : "auto";
}

/** @param {import("../core/quality.js").QualityChoice} choice */
export function rememberQuality(choice) {
  keep(() => localStorage.setItem(QUALITY, choice));
}

/** The soundtrack; null: what the room hears. */
export function rememberedSoundtrack() {
  return soundtrackFrom(attempt(() => JSON.parse(localStorage.getItem(SOUNDTRACK) ?? "null")));
}

/** @param {import("../core/soundtracks.js").Wanted | null} wanted */
export function rememberSoundtrack(wanted) {
  keep(() => localStorage.setItem(SOUNDTRACK, JSON.stringify(wanted)));
}

/** Which subtitles, and how they look. */
export function rememberedSubtitles() {
  const stored = attempt(() => JSON.parse(localStorage.getItem(SUBTITLES) ?? "null"));
  return wantedFrom(stored);
}

/** @param {import("../core/subtitle_choice.js").Wanted} wanted */
export function rememberSubtitles(wanted) {
  keep(() => localStorage.setItem(SUBTITLES, JSON.stringify(wanted)));
}

/** Whether this tab was in the room when it was last shown, as after a reload. */
export function wasInside() {
  return attempt(() => sessionStorage.getItem(INSIDE)) === "yes";
}

/** @param {boolean} inside */
export function rememberInside(inside) {
  keep(() => {
    if (inside) sessionStorage.setItem(INSIDE, "yes");
    else sessionStorage.removeItem(INSIDE);
  });
}
