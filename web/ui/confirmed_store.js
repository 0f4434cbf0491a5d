// @ts-check
/**
 * What media-chrome's controls show. They read the element's state through a store; this one
 * puts the room's confirmed state in front of it, so that the play button and the bar don't
 * flicker when the follower pauses or seeks to get in step. Volume, fullscreen and what is
 * buffered stay the element's own.
 */

/**
 * @typedef {object} MediaStore media-chrome's store, as far as it is used here
 * @property {() => Record<string, any>} getState
 * @property {(callback: (state: Record<string, any>) => void) => () => void} subscribe
 * @property {(action: any) => void} dispatch
 */

/**
 * @param {MediaStore} own
 * @param {() => Record<string, any>} confirmed what the room says, in media-chrome's names
 * @returns {MediaStore & {refresh: () => void}}
 */
export function confirmedStore(own, confirmed) {
  /** @type {Set<(state: Record<string, any>) => void>} */
  const listeners = new Set();
  const getState = () => ({ ...own.getState(), ...confirmed() });
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
  };
}
