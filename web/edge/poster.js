// @ts-check
/** Which picture stands for a film where its own are not shown, or not yet. */
import { fileUrl } from "./plan.js";

/** Every film that is longer has a second small picture along it; its first one is mostly black, seconds. */
const LONG_S = 5;

/** The picture that is in the file itself. @param {string} itemId */
export function coverUrl(itemId) {
  return `${fileUrl(itemId)}/cover`;
}

/**
 * Its cover, else a picture near its beginning; empty where there is none.
 * @param {import("../core/messages.js").Item} item
 */
export function posterUrl({ id, cover, video_codec: videoCodec, duration_s: durationS }) {
  if (cover) return coverUrl(id);
  return videoCodec === null ? "" : `${fileUrl(id)}/thumbnails/${durationS > LONG_S ? 1 : 0}.jpg`;
}
