// @ts-check
/**
 * What media-chrome's controls show. They read the element's state through a store; this one
 * puts the room's confirmed state in front of it, so that the play button and the bar don't
 * flicker when the follower pauses or seeks to get in step. Volume, fullscreen and what is
 * buffered stay the element's own.
 */

import { chapterAt, chapterCues } from "../core/chapters.js";

/**
 * @typedef {object} MediaStore media-chrome's store, as far as it is used here
 * @property {() => Record<string, any>} getState
 * @property {(callback: (state: Record<string, any>) => void) => () => void} subscribe
 * @property {(action: any) => void} dispatch
 */

/**
 * @param {MediaStore} own
 * @param {(own: Record<string, any>) => Record<string, any>} confirmed what the room says, in
 *   media-chrome's names
 * @returns {MediaStore & {refresh: () => void}}
 */
export function confirmedStore(own, confirmed) {
  /** @type {Set<(state: Record<string, any>) => void>} */
  const listeners = new Set();
  const getState = () => {
    const state = own.getState();
    return { ...state, ...confirmed(state) };
  };
  // With its last subscriber media-chrome's store lets go of the element, and a subscriber that
  // comes in the same instant, as when the controller changes stores, does not bring it back.
  own.subscribe(() => {});
  const refresh = () => {
    const state = getState();
    for (const listener of [...listeners]) listener(state);
  };
  return {
    getState,
    refresh,
    dispatch: (action) => own.dispatch(action),
    subscribe(listener) {
      listeners.add(listener);
      const stop = own.subscribe(() => listener(getState()));
      listener(getState());
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
  };
}

/**
 * @param {import("../core/store.js").State} state
 * @param {number} positionS where the room is now
 */
export function confirmedState({ item, timeline }, positionS) {
  const durationS = item?.duration_s ?? 0;
  return {
    mediaPaused: !timeline.playing,
    mediaEnded: timeline.ended,
    mediaCurrentTime: positionS,
    mediaDuration: durationS,
    mediaSeekable: item ? [0, durationS] : undefined,
    mediaPlaybackRate: timeline.rate,
    mediaLoading: false,
    mediaChaptersCues: chapterCues(item),
  };
}

/**
 * What is shown over the slider where somebody points at it.
 * @param {import("../core/messages.js").Item | null} item
 * @param {number | undefined} timeS the media time pointed at, if any
 * @param {import("../edge/thumbnails.js").Thumbnail | null} picture once it is there
 */
export function previewState(item, timeS, picture) {
  if (!item || timeS === undefined) return {};
  return {
    mediaPreviewImage: picture?.address,
    // media-chrome expects a sheet of many pictures, and where in it the one is.
    mediaPreviewCoords: picture ? ["0", "0", `${picture.width}`, `${picture.height}`] : undefined,
    mediaPreviewChapter: chapterAt(item, timeS) || undefined,
  };
}
