// @ts-check
/**
 * Small strict checks for decoded JSON: what msgspec does for the server's side.
 *
 * A shape takes a value and the path to it, and returns the value to use or throws
 * `BadShape` naming the path. Unknown fields, missing fields, numbers that are not
 * finite and unpaired surrogates are refused. It knows nothing of the protocol.
 */

/** A value that does not have the shape asked for; the message names the field. */
export class BadShape extends Error {}

/**
 * @template T
 * @callback Shape
 * @param {any} value
 * @param {string} path
 * @returns {T}
 */

/**
 * @param {string} path
 * @param {string} expected
 * @returns {never}
 */
function refuse(path, expected) {
  throw new BadShape(`expected ${expected} at ${path}`);
}

/** @type {Shape<boolean>} */
export function flag(value, path) {
  return typeof value === "boolean" ? value : refuse(path, "true or false");
}

/** @type {Shape<number>} */
export function real(value, path) {
  return Number.isFinite(value) ? value : refuse(path, "a finite number");
}

/**
 * A whole number within bounds. JSON can't tell 1.0 from 1 here; the server can.
 * @param {number} [least]
 * @param {number} [most]
 * @returns {Shape<number>}
 */
export function whole(least = -Infinity, most = Infinity) {
  return (value, path) =>
    Number.isInteger(value) && value >= least && value <= most
      ? value
      : refuse(path, "a whole number in range");
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Text whose length is counted in code points.
 * @param {number} [least]
 * @param {number} [most]
 * @returns {Shape<string>}
 */
export function text(least = 0, most = Infinity) {
  return (value, path) => {
    if (typeof value !== "string" || LONE_SURROGATE.test(value)) return refuse(path, "text");
    const length = most === Infinity ? value.length : [...value].length;
    return length >= least && length <= most ? value : refuse(path, "text of a fitting length");
  };
}

/**
 * @template {string} T
 * @param {...T} words
 * @returns {Shape<T>}
 */
export function oneOf(...words) {
  return (value, path) => (words.includes(value) ? value : refuse(path, words.join(" or ")));
}

/**
 * @template T
 * @param {Shape<T>} shape
 * @returns {Shape<T | null>}
 */
export function nullable(shape) {
  return (value, path) => (value === null ? null : shape(value, path));
}

/**
 * @template T
 * @param {Shape<T>} shape
 * @returns {Shape<T[]>}
 */
export function listOf(shape) {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((entry, index) => shape(entry, `${path}[${index}]`))
      : refuse(path, "a list");
}

/**
 * A field that may be left out, and what it then is.
 * @template T
 * @param {Shape<T>} shape
 * @param {T} fallback
 * @returns {Shape<T>}
 */
export function optional(shape, fallback) {
  return (value, path) => (value === undefined ? fallback : shape(value, path));
}

/**
 * An object with exactly these fields.
 * @param {Record<string, Shape<any>>} fields
 * @returns {Shape<any>}
 */
export function record(fields) {
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return refuse(path, "an object");
    }
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name)) refuse(`${path}.${name}`, "no such field");
    }
    return Object.fromEntries(
      Object.entries(fields).map(([name, shape]) => [name, shape(value[name], `${path}.${name}`)]),
    );
  };
}
