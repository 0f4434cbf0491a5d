// @ts-check
/**
 * Which key means what. Pure: a description of a key press in, a wish or a personal action
 * out. Catching keys, and leaving them alone while somebody types, is `ui/controls`'s.
 */

/**
 * @typedef {import("./intents.js").Wish} Wish
 * @typedef {{wish: Wish} | {own: "mute" | "fullscreen" | "subtitles" | "louder" | "quieter"} | null} Meaning
 */

/** @type {Map<string, Meaning>} */
const MEANINGS = new Map(Object.entries({
  " ": { wish: { kind: "toggle" } },
  k: { wish: { kind: "toggle" } },
  ArrowLeft: { wish: { kind: "nudge", byS: -5 } },
  ArrowRight: { wish: { kind: "nudge", byS: 5 } },
  j: { wish: { kind: "nudge", byS: -10 } },
  l: { wish: { kind: "nudge", byS: 10 } },
  ",": { wish: { kind: "step", frames: -1 } },
  ".": { wish: { kind: "step", frames: 1 } },
  "<": { wish: { kind: "slower" } },
  ">": { wish: { kind: "faster" } },
  m: { own: "mute" },
  f: { own: "fullscreen" },
  c: { own: "subtitles" },
  ArrowUp: { own: "louder" },
  ArrowDown: { own: "quieter" },
}));

const TYPING = new Set(["input", "textarea", "select"]);
const PRESSABLE = new Set(["button", "a", "summary", "label"]);

/**
 * @param {object} press
 * @param {string} press.key `KeyboardEvent.key`
 * @param {boolean} press.chord Ctrl, Alt or Meta is held
 * @param {boolean} press.repeat
 * @param {string} press.target local name of the focused element; "range" for the seek bar,
 *   "slider" for any other
 * @returns {Meaning}
 */
export function meaningOf({ key, chord, repeat, target }) {
  if (chord || TYPING.has(target)) return null;
  if (key === " " && PRESSABLE.has(target)) return null;
  if (target === "slider" && key.startsWith("Arrow")) return null;
  const meaning = MEANINGS.get(key.length === 1 ? key.toLowerCase() : key) ?? null;
  const held = meaning && "wish" in meaning && meaning.wish.kind !== "toggle";
  return repeat && !held ? null : meaning;
}
