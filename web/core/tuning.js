// @ts-check
/**
 * The constants of a follower, for each kind of player it drives.
 *
 * Owns numbers only; twin of server/core/tuning.py, which says where each comes
 * from and what it means. tests/vectors/follower_tuning.json holds the two together.
 */

/**
 * Seconds, or a bare ratio of rates.
 * @typedef {object} Tuning
 * @property {number} seekLatencyS first guess of the time a seek takes to be playable
 * @property {number} startLatencyS first guess of the time from play() to moving media
 * @property {number} startLatencyMaxS the most that is believed of it
 * @property {number} wakingLatencyS the same once the player's way to the speakers has closed...
 * @property {number} soundSleepsS ...which is when it has rested for so long; 0: all starts are alike
 * @property {number} alignMarginS spare time when planning a seek and a start
 * @property {number} alignLeadMaxS the longest such plan, unless the latest wait was longer
 * @property {number} frameLeadS first guess of how far a start leaves the frames ahead of the
 *   media clock, for players whose frames then stay where they are
 * @property {number} frameLeadMaxS bound of what is learned of that; 0: frames follow the clock
 * @property {number} lateStartS lateness at which a start is still better than a seek...
 * @property {number} lateSeekS ...and than another one, where a seek for it came late
 * @property {number} deadBandInS error at which correction stops
 * @property {number} deadBandOutS error at which it begins again...
 * @property {number} edgeS ...or when it has been between the two for so long
 * @property {number} tauS time constant of correction
 * @property {number} tauFarS the same in recovery
 * @property {number} recoverAboveS error at which recovery takes over from steady
 *   correction; it goes on into the dead band
 * @property {number} integralTimeS reset time Ti of the integrator
 * @property {number} integralLimit bound of the integrator, as a ratio
 * @property {number} steadyLimit largest correction of the rate, as a ratio
 * @property {number} recoveryLimit the same in recovery
 * @property {number} recoveryLimitMuted the same in recovery while nobody hears it
 * @property {number} recoveryS how long a recovery may last; 0: there is none
 * @property {number} recoveryRestS time after one that did not get there until the next
 * @property {number} unmendedS error that such a recovery may leave without a seek
 * @property {number} writeGapS least time between two writes of the rate
 * @property {number} writeStep least change of the rate that is worth a write
 * @property {number} blindS time after a start or a write in which frames tell nothing
 * @property {number} startBlindS the same after a start, where media moves as it will
 * @property {number} briskS time after a start in which a glimpse of an error is mended at once;
 *   0: none
 * @property {number} briskAboveS error that is mended so, until the next write...
 * @property {number} briskLimit ...by a correction of this at most; at normal speed only
 * @property {number} settleS time after a start without a write...
 * @property {number} settleEscapeS ...unless the error is larger than this
 * @property {number} seekAboveS error beyond which only a seek helps
 * @property {number} seekGapS least time between two such seeks
 * @property {number} seekPatience such seeks without success until the bound doubles
 * @property {number} windowS how far back samples count
 * @property {number} windowMinS what the samples must span to be believed...
 * @property {number} glimpseS ...and to be believed that only a seek helps
 * @property {number} joltS error at which one frame is believed, if the player's position agrees
 * @property {number} inSyncS error up to which the viewer is in sync
 * @property {number} coarseWiden factor of the dead band without frames (hidden tab)
 * @property {number} coarseSeekAboveS then the least bound of a seek...
 * @property {number} coarseWindowS ...and how far back samples count
 */

const COMMON = {
  frameLeadS: 0,
  frameLeadMaxS: 0,
  alignMarginS: 0.05,
  alignLeadMaxS: 2,
  edgeS: 10,
  recoverAboveS: 0.02,
  recoveryRestS: 3,
  integralTimeS: 30,
  integralLimit: 300e-6,
  writeStep: 2e-4,
  seekGapS: 3,
  seekPatience: 3,
  windowS: 0.75,
  glimpseS: 0.1,
  joltS: 0.5,
  inSyncS: 0.04,
  coarseWiden: 10,
  coarseWindowS: 3,
};

/**
 * A video element.
 * @type {Readonly<Tuning>}
 */
export const BROWSER = Object.freeze({
  ...COMMON,
  seekLatencyS: 0.15,
  startLatencyS: 0.078,
  startLatencyMaxS: 0.5,
  wakingLatencyS: 0.047,
  soundSleepsS: 10,
  frameLeadS: 0,
  frameLeadMaxS: 0.012,
  lateStartS: 0.04,
  lateSeekS: 0.1,
  deadBandInS: 0.002,
  deadBandOutS: 0.004,
  tauS: 1,
  tauFarS: 1,
  steadyLimit: 0.005,
  recoveryLimit: 0.02,
  recoveryLimitMuted: 0.05,
  recoveryS: 3,
  unmendedS: 0.033,
  writeGapS: 0.5,
  blindS: 0.15,
  startBlindS: 0.11,
  briskS: 1,
  briskAboveS: 0.005,
  briskLimit: 0.04,
  windowMinS: 0.2,
  settleS: 0.3,
  settleEscapeS: 0.15,
  seekAboveS: 0.15,
  coarseSeekAboveS: 0.25,
});

/**
 * The host's own player: the big screen is corrected gently.
 * @type {Readonly<Tuning>}
 */
export const HOST_WINDOW = Object.freeze({
  ...COMMON,
  seekLatencyS: 0.08,
  startLatencyS: 0.001,
  startLatencyMaxS: 0.05,
  wakingLatencyS: 0,
  soundSleepsS: 0,
  lateStartS: 0.06,
  lateSeekS: 0.06,
  deadBandInS: 0.002,
  deadBandOutS: 0.004,
  edgeS: 60,
  tauS: 5,
  tauFarS: 1.5,
  steadyLimit: 0.003,
  recoverAboveS: 0.02,
  recoveryLimit: 0.04,
  recoveryLimitMuted: 0.04,
  recoveryS: 20,
  unmendedS: 0.05,
  writeGapS: 1,
  blindS: 0.3,
  startBlindS: 0.3,
  briskS: 0,
  briskAboveS: 0,
  briskLimit: 0,
  windowMinS: 0.3,
  settleS: 3.5,
  settleEscapeS: 0.03,
  seekAboveS: 0.25,
  coarseSeekAboveS: 0.5,
});
