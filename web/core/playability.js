// @ts-check
/**
 * Why this browser can't play a film, in words that name the codecs. Pure: facts in, text out.
 */

/** @type {Record<string, string>} */
const CODEC_NAMES = {
  h264: "H.264", hevc: "H.265 (HEVC)", av1: "AV1", vp8: "VP8", vp9: "VP9", mpeg4: "MPEG-4",
  mpeg2video: "MPEG-2", mpeg1video: "MPEG-1", vc1: "VC-1", wmv3: "WMV", theora: "Theora",
  prores: "ProRes", aac: "AAC", mp3: "MP3", opus: "Opus", vorbis: "Vorbis", flac: "FLAC",
  ac3: "AC-3", eac3: "E-AC-3", dts: "DTS", truehd: "TrueHD", alac: "ALAC",
};

/** What the host calls a codec that its FFmpeg can't decode. */
const UNKNOWN = "unknown";

/** @param {string} codec */
export function codecName(codec) {
  return CODEC_NAMES[codec] ?? codec.toUpperCase();
}

/**
 * What happened when the element tried.
 * @typedef {object} Outcome
 * @property {number} errorCode `MediaError.code`, 0 for none
 * @property {boolean} hasMetadata
 * @property {number} videoWidth as decoded, 0 where no picture is
 */

/**
 * @param {import("./messages.js").Item} item
 * @param {Outcome} outcome
 * @returns {string} a sentence, or empty while nothing speaks against playing
 */
export function whyUnplayable(item, { errorCode, hasMetadata, videoWidth }) {
  if (errorCode === 3) return `This browser stumbled over the film: it can’t decode ${codecs(item)}.`;
  if (errorCode === 4) return `This browser can’t play ${codecs(item)}.`;
  if (hasMetadata && item.video_codec && videoWidth === 0) {
    return `This browser plays the sound, but can’t show ${codecName(item.video_codec)} video.`;
  }
  return "";
}

/**
 * What to say of a film that is seen and not heard.
 * @param {import("./messages.js").Item} item
 */
export function whySilent({ audio_codec: audio }) {
  if (audio === UNKNOWN) return "Neither this browser nor the host can decode this film’s sound: it plays without.";
  return audio ? `This browser shows the film, but can’t play its ${codecName(audio)} sound.` : "";
}

/** @param {import("./messages.js").Item} item */
function codecs({ video_codec: video, audio_codec: audio }) {
  const parts = [
    video ? `${codecName(video)} video` : "",
    audio && audio !== UNKNOWN ? `${codecName(audio)} sound` : "",
  ].filter(Boolean);
  return parts.length ? parts.join(" with ") : "this kind of file";
}
