// @ts-check
/**
 * What this browser says that it can play of a film. Whether it is true shows when it plays
 * (`trial`); what follows from it the host decides.
 */

/** A browser that has not answered by then is taken at its shorter word, milliseconds. */
const ANSWER_WITHIN_MS = 500;
/** A bitrate to ask with: browsers want one, and care little. Bits a second for each pixel. */
const BITS_PER_PIXEL = 5;

/** What films are made anew in; twins of H264_MIME and AAC_MIME in server/core/playability.py. */
const MADE_ANEW = ['video/mp4; codecs="avc1.640028"', 'audio/mp4; codecs="mp4a.40.2"'];

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
  const own = [item.video_mime, ...item.audio_tracks.map(({ mime }) => mime)].filter(Boolean);
  const mimes = [...MADE_ANEW, ...own];
  const types = Object.fromEntries(mimes.map((mime) => [mime, canFeed(mime, element)]));
  return {
    direct: element.canPlayType(item.mime) !== "",
    types,
    mse: mediaSource() !== undefined,
    native_hls: element.canPlayType("application/vnd.apple.mpegurl") !== "",
    smooth: !types[item.video_mime] || await isSmooth(item),
  };
}

/**
 * @param {string} mime
 * @param {HTMLVideoElement} element
 */
function canFeed(mime, element) {
  // Without one, the browser's own HLS player takes what its elements take.
  return mediaSource()?.isTypeSupported(mime) ?? element.canPlayType(mime) !== "";
}

/**
 * Whether this device decodes the film's picture in time, as far as the browser knows.
 * @param {Item} item
 */
async function isSmooth({ video_mime: mime, width, height, frame_rate: framerate }) {
  // H.264 that is not smooth would only be replaced by more H.264.
  if (mime.includes("avc1") || !navigator.mediaCapabilities || !width || !height) return true;
  const video = { contentType: mime, width, height, bitrate: width * height * BITS_PER_PIXEL, framerate: framerate ?? 30 };
  try {
    const type = mediaSource() ? "media-source" : "file";
    const asked = navigator.mediaCapabilities.decodingInfo({ type, video });
    const late = new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS, null));
    const info = /** @type {MediaCapabilitiesDecodingInfo | null} */ (await Promise.race([asked, late]));
    return info === null || (info.supported && info.smooth);
  } catch {
    return true;
  }
}
