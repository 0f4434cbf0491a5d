// @ts-check
/**
 * What this browser says that it can play of a film. Whether it is true shows when it plays
 * (`trial`); what follows from it the host decides.
 */

/** A browser that has not answered by then is taken at its shorter word, milliseconds. */
const ANSWER_WITHIN_MS = 500;
/** A bitrate to ask with: browsers want one, and care little. Bits a second for each pixel. */
const BITS_PER_PIXEL = 5;

/** @typedef {import("../core/messages.js").Item} Item */

/**
 * The class that feeds an element, if there is one: on iPhones it is the managed kind alone.
 * @returns {typeof MediaSource | undefined}
 */
export function mediaSource() {
  const { MediaSource: plain, ManagedMediaSource: managed } = /** @type {any} */ (globalThis);
  return plain ?? managed;
}

/**
 * @param {Item} item
 * @param {HTMLVideoElement} element
 * @returns {Promise<import("../core/doubts.js").Capabilities>}
 */
export async function capabilitiesFor(item, element) {
  const mimes = [item.video_mime, ...item.audio_tracks.map(({ mime }) => mime)];
  const answers = [...new Set(mimes)].filter(Boolean).map(async (mime) => [mime, await canFeed(mime, item, element)]);
  return {
    direct: element.canPlayType(item.mime) !== "",
    types: Object.fromEntries(await Promise.all(answers)),
    mse: mediaSource() !== undefined,
    native_hls: element.canPlayType("application/vnd.apple.mpegurl") !== "",
  };
}

/**
 * @param {string} mime
 * @param {Item} item
 * @param {HTMLVideoElement} element
 */
async function canFeed(mime, item, element) {
  const source = mediaSource();
  // Without one, the browser's own HLS player takes what its elements take.
  if (!source) return element.canPlayType(mime) !== "";
  if (!source.isTypeSupported(mime)) return false;
  // H.264 that is not smooth would only be replaced by more H.264.
  if (!mime.startsWith("video/") || mime.includes("avc1")) return true;
  return isSmooth(mime, item);
}

/**
 * Whether this device decodes it in time, as far as the browser knows.
 * @param {string} mime
 * @param {Item} item
 */
async function isSmooth(mime, { width, height, frame_rate: framerate }) {
  if (!navigator.mediaCapabilities || !width || !height) return true;
  const video = { contentType: mime, width, height, bitrate: width * height * BITS_PER_PIXEL, framerate: framerate ?? 30 };
  try {
    const asked = navigator.mediaCapabilities.decodingInfo({ type: "media-source", video });
    const late = new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS, null));
    const info = /** @type {MediaCapabilitiesDecodingInfo | null} */ (await Promise.race([asked, late]));
    return info === null || (info.supported && info.smooth);
  } catch {
    return true;
  }
}
