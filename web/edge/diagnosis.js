// @ts-check
/** Gathers what a bug report needs from the browser and the page's parts; changes nothing. */

import { spans } from "./data_ahead.js";

/** @import {Facts} from "../core/diagnostics.js" */

/**
 * @param {object} parts
 * @param {HTMLVideoElement} parts.film
 * @param {import("./player.js").Player} parts.player
 * @param {import("../core/clock.js").Clock} parts.clock
 * @param {import("./clock_sync.js").ClockSync} parts.clockSync
 * @param {import("./connection.js").Connection} parts.connection
 * @param {import("../core/store.js").State} parts.state
 * @returns {Facts}
 */
export function diagnose({ film, player, clock, clockSync, connection, state }) {
  const nowS = performance.now() / 1000;
  const deeds = player.record.history.deeds(nowS);
  return {
    takenAt: new Date().toISOString(),
    browser: {
      userAgent: navigator.userAgent,
      secure: isSecureContext,
      online: navigator.onLine,
      hidden: document.hidden,
      pixelRatio: devicePixelRatio,
      width: innerWidth,
      height: innerHeight,
    },
    state,
    roomPositionS: player.roomPositionS,
    playback: player.playback,
    follower: player.follower,
    framesTold: player.framesTold,
    slow: player.record.slow,
    minute: {
      seeks: deeds.filter(({ kind }) => kind === "seek").length,
      starts: deeds.filter(({ kind }) => kind === "start").length,
    },
    clock: {
      synchronised: clock.synchronised,
      uncertaintyS: clock.uncertaintyS,
      roundTripS: clock.roundTripS,
      ...clockSync.tally(nowS),
    },
    connection: connection.tally(nowS),
    element: elementFacts(film),
  };
}

/**
 * @param {HTMLVideoElement} film
 * @returns {Facts["element"]}
 */
function elementFacts(film) {
  const { totalVideoFrames, droppedVideoFrames } = film.getVideoPlaybackQuality();
  return {
    readyState: film.readyState,
    networkState: film.networkState,
    paused: film.paused,
    seeking: film.seeking,
    currentTimeS: film.currentTime,
    durationS: film.duration,
    playbackRate: film.playbackRate,
    muted: film.muted,
    volume: film.volume,
    width: film.videoWidth,
    height: film.videoHeight,
    errorCode: film.error?.code ?? 0,
    totalFrames: totalVideoFrames,
    droppedFrames: droppedVideoFrames,
    buffered: spans(film),
  };
}
