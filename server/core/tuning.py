"""The constants of a follower, for each kind of player it drives.

Owns numbers only. docs/TUNING.md tells what each is worth, halved and doubled, in simulated scenes
(`python -m tests.simulation --sweep`). Where a comment says "simulated", that is `python -m
tests.simulation --set NAME=VALUE`, 40 to 100 players a scene (docs/decisions/0011 has its table);
"bench" is `python -m tests.bench sync`. Where nothing else is said, a number is one that
docs/decisions/0015 started from, and that the sweep gave no reason to change. Its twin is
web/core/tuning.js; tests/vectors/follower_tuning.json holds the two together.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How one kind of player is corrected; seconds, or a bare ratio of rates.

    Attributes:
        seek_latency_s: First guess of the time a seek takes to be playable.
        start_latency_s: First guess of the time from play() to moving media.
        start_latency_max_s: The most that is believed of it.
        waking_latency_s: The same once the player's way to the speakers has closed...
        sound_sleeps_s: ...which is when it has rested for so long; 0: all starts are alike.
        frame_lead_s: First guess of how far a start leaves the frames ahead of the media clock,
            for players whose frames then stay where they are.
        frame_lead_max_s: Bound of what is learned of that; 0: frames follow the clock.
        align_margin_s: Spare time when planning a seek and a start.
        align_lead_max_s: The longest such plan, unless the latest wait was longer.
        late_start_s: Lateness at which a start is still better than a seek...
        late_seek_s: ...and than another one, where a seek for it came late.
        dead_band_in_s: Error at which correction stops.
        dead_band_out_s: Error at which it begins again...
        edge_s: ...or when it has been between the two for so long.
        tau_s: Time constant of correction.
        tau_far_s: The same in recovery.
        recover_above_s: Error at which recovery takes over from steady
            correction; it goes on into the dead band.
        integral_time_s: Reset time Ti of the integrator.
        integral_limit: Bound of the integrator, as a ratio.
        steady_limit: Largest correction of the rate, as a ratio.
        recovery_limit: The same in recovery.
        recovery_limit_muted: The same in recovery while nobody hears it.
        recovery_s: How long a recovery may last; 0: there is none.
        recovery_rest_s: Time after one that did not get there until the next.
        unmended_s: Error that such a recovery may leave without a seek.
        write_gap_s: Least time between two writes of the rate.
        write_step: Least change of the rate that is worth a write.
        blind_s: Time after a start or a write in which frames tell nothing.
        start_blind_s: The same after a start, where media moves as it will.
        brisk_s: Time after a start in which a glimpse of an error is mended at once; 0: none.
        brisk_above_s: Error that is mended so, until the next write...
        brisk_limit: ...by a correction of this at most. At normal speed only.
        settle_s: Time after a start without a write...
        settle_escape_s: ...unless the error is larger than this.
        seek_above_s: Error beyond which only a seek helps.
        seek_gap_s: Least time between two such seeks.
        seek_patience: Such seeks without success until the bound doubles.
        window_s: How far back samples count.
        window_min_s: What the samples must span to be believed...
        glimpse_s: ...and to be believed that only a seek helps.
        jolt_s: Error at which one frame is believed, if the player's position agrees.
        in_sync_s: Error up to which the viewer is in sync.
        coarse_widen: Factor of the dead band while only the coarse position
            is known, as in a hidden tab.
        coarse_seek_above_s: Then the least bound of a seek...
        coarse_window_s: ...and how far back samples count.
    """

    seek_latency_s: float
    start_latency_s: float
    start_latency_max_s: float = 0.5
    waking_latency_s: float = 0.0
    sound_sleeps_s: float = 0.0
    frame_lead_s: float = 0.0
    frame_lead_max_s: float = 0.0
    # Simulated joins: 0.35 s to within 33 ms; 0.40 with 0.1, and 0.02 leaves seeks no spare time.
    align_margin_s: float = 0.05
    align_lead_max_s: float = 2.0
    late_start_s: float
    late_seek_s: float
    dead_band_in_s: float
    dead_band_out_s: float
    # Bench, soak: a page stood 3.5 ms ahead for 20 minutes. Simulated starts: p95 2.6 ms and 1.2
    # writes a minute; 3.5 and 0.5 without, 2.3 and 1.7 with 5 s.
    edge_s: float = 10.0
    tau_s: float
    tau_far_s: float
    recover_above_s: float = 0.020
    integral_time_s: float = 30.0
    integral_limit: float = 300e-6
    steady_limit: float
    recovery_limit: float
    recovery_limit_muted: float
    recovery_s: float
    # In a busy Chromium 10 left 40 ms to the steady limit, for 8 s; simulated, all are alike.
    recovery_rest_s: float = 3.0
    unmended_s: float
    write_gap_s: float
    write_step: float = 2e-4
    blind_s: float
    start_blind_s: float
    brisk_s: float = 0.0
    brisk_above_s: float = 0.0
    brisk_limit: float = 0.0
    settle_s: float
    settle_escape_s: float
    seek_above_s: float
    seek_gap_s: float = 3.0
    seek_patience: int = 3
    window_s: float = 0.75
    window_min_s: float
    glimpse_s: float = 0.1
    # Simulated stops of 1.7 s: within 33 ms after 0.40 to 0.45 s, 0.55 without.
    jolt_s: float = 0.5
    in_sync_s: float = 0.040
    coarse_widen: float = 10.0
    coarse_seek_above_s: float
    coarse_window_s: float = 3.0


BROWSER = Tuning(
    # Chromium; Firefox takes 175 ms and 48 ms, and both are learned anyway. 84 starts of Chromium
    # 156: 66 to 86 ms, the first of a page 65 to 93; docs/decisions/0017.
    seek_latency_s=0.150,
    start_latency_s=0.078,
    # Chromium closes it after 10 s. 24 starts after 11 to 13 s: 44 to 50 ms, evenly.
    waking_latency_s=0.047,
    sound_sleeps_s=10.0,
    # Later starts: 0 to 16 ms in Chromium 156 (140 of them), -16 to 0 in Chromium 150 (18).
    frame_lead_s=0.0,
    frame_lead_max_s=0.012,
    # Simulated starts told of when it is hardly time (`--scene tight`), to within 33 ms p50/p95:
    # 0.33/1.0 s; 0.36/1.2 with 0.07, 0.67/2.6 with 0.1. Less than a frame is better mended by rate.
    late_start_s=0.040,
    late_seek_s=0.100,
    # Simulated: 1 write a minute, p50/p95 1.1/3.3 ms. 1 and 2 ms: 5 writes, 0.9/1.8; 4 and 8: none,
    # 2.5/5.0.
    dead_band_in_s=0.002,
    dead_band_out_s=0.004,
    # Simulated: 2.5 s takes 6 writes a minute, 1.2 takes 1.1, 0.8 takes 0.5 but meets the steady
    # limit at 4 ms, where the integrator is frozen.
    tau_s=1.0,
    tau_far_s=1.0,
    steady_limit=0.005,
    recovery_limit=0.02,
    recovery_limit_muted=0.05,
    recovery_s=3.0,
    # Simulated losses of 40 to 140 ms, to within 33 ms p50/p95: 1.1/3.8 s; 2.2/6.0 with 0.05.
    unmended_s=0.033,
    write_gap_s=0.5,
    # Measured: currentTime is right 0.11 s after a start and 0.1 s after a write (see playhead).
    # Simulated, 0.1 and 0.3 differ little: only recoveries take longer.
    blind_s=0.15,
    start_blind_s=0.11,
    # Simulated first seconds (`--scene first`), each start's worst quarter second p50/p95/p99:
    # 3.6/17/29 ms; 9.5/26/38 without, 6.1/18/29 from 12 ms on; 3.6/14/26 with 0.05, which is heard
    # more.
    brisk_s=1.0,
    brisk_above_s=0.005,
    brisk_limit=0.04,
    window_min_s=0.2,
    settle_s=0.3,
    settle_escape_s=0.150,
    seek_above_s=0.150,
    # currentTime is off by 20 ms p95 in Firefox: a dead band of 20 to 40 ms.
    coarse_seek_above_s=0.250,
)
"""A video element."""

HOST_WINDOW = Tuning(
    seek_latency_s=0.080,
    start_latency_s=0.001,
    # Sound adds 20 ms. A busy machine's start took 400 ms, and the next ones came 200 early.
    start_latency_max_s=0.050,
    late_start_s=0.060,
    late_seek_s=0.060,
    # Bench, steady, five runs: 4 and 8 ms left p50 0.3 to 3.7 of what a start and the room's step
    # (cadence) had left.
    dead_band_in_s=0.002,
    dead_band_out_s=0.004,
    # Chosen, not measured: two writes a minute at most, for what nobody sees.
    edge_s=60.0,
    # Softer: the picture itself follows the sound by up to 20 ms over 3 s.
    tau_s=5.0,
    tau_far_s=1.5,
    steady_limit=0.003,
    # A start with sound is 20 to 180 ms late. Bench, steady-with-sound, p95 from 5 s on: 1 to 6 ms;
    # 27 to 57 with 2 % and 2 s between writes. A far tau below the gap between writes swings.
    recover_above_s=0.020,
    recovery_limit=0.040,
    recovery_limit_muted=0.040,
    recovery_s=20.0,
    unmended_s=0.050,
    write_gap_s=1.0,
    blind_s=0.3,
    start_blind_s=0.3,
    window_min_s=0.3,
    settle_s=3.5,
    settle_escape_s=0.030,
    seek_above_s=0.250,
    # position() lags by 9 to 67 ms.
    coarse_seek_above_s=0.500,
)
"""The host's QMediaPlayer: the big screen is corrected gently."""

SILENT_WINDOW = replace(
    HOST_WINDOW,
    # Bench, steady, three runs: such starts are 9, 12 and 48 ms late and stay so to the frame; at
    # the other's pace they were mended from the fifth second to the thirteenth.
    settle_s=1.0,
    # 2 and 4 ms left 2.2, 1.1 and 0.4 for the rest of a run.
    dead_band_in_s=0.001,
    dead_band_out_s=0.002,
    tau_s=1.5,
    tau_far_s=1.0,
    steady_limit=0.010,
    recovery_limit=0.050,
    recovery_limit_muted=0.050,
    write_gap_s=0.5,
)
"""The same where no sound device sets the pace: frames tell at once, nobody hears it. No twin."""
