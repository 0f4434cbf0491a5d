"""The constants of a follower, for each kind of player it drives.

Owns numbers only. Each constant's docstring names the run that chose it, after what it means:

- *sweep*: `python -m tests.simulation --sweep`, whose tables are docs/TUNING.md: every number
  halved and doubled in simulated scenes, for each kind of player. After it stands what got worse.
  *Sweep, alike*: no scene tells half and double from it, so the number stayed that
  docs/decisions/0015 started from.
- *simulated*: `python -m tests.simulation --set NAME=VALUE`, 40 to 300 players a scene
  (docs/decisions/0011 has the table of some).
- *bench*: `python -m tests.bench sync --scenario NAME`, with real browsers and a real window.
- *measured*: of real players, before there was a follower (docs/decisions/0015).

What runs chose for one kind of player alone is told where its number stands. The twin is
web/core/tuning.js; tests/vectors/follower_tuning.json holds the two together.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How one kind of player is corrected; seconds, or a bare ratio of rates."""

    seek_latency_s: float
    """First guess of the time a seek takes to be playable. Measured; sweep: `seek`, `tight`."""

    start_latency_s: float
    """First guess of the time from play() to moving media. Measured; sweep: `start`, `behind`."""

    start_latency_max_s: float = 0.5
    """The most that is believed of it. Sweep, alike for a browser; the window's is its own."""

    waking_latency_s: float = 0.0
    """The same once the player's way to the speakers has closed. Measured; sweep, alike."""

    sound_sleeps_s: float = 0.0
    """That is when it has rested for so long; 0: all starts are alike. Measured; sweep, alike."""

    frame_lead_s: float = 0.0
    """First guess of how far a start leaves the frames ahead of the media clock, for players whose
    frames then stay where they are. Measured, of 158 starts (docs/decisions/0017)."""

    frame_lead_max_s: float = 0.0
    """Bound of what is learned of that; 0: frames follow the clock. Measured; sweep, alike."""

    align_margin_s: float = 0.05
    """Spare time when planning a seek and a start. Simulated joins: 0.35 s to within 33 ms; 0.40
    with 0.1, and 0.02 leaves seeks no spare time. Sweep: `join`, `tight`."""

    align_lead_max_s: float = 2.0
    """The longest such plan, unless the latest wait was longer. Sweep, alike."""

    late_start_s: float
    """Lateness at which a start is still better than a seek. Sweep: `tight`."""

    late_seek_s: float
    """The same, and than another one, where a seek for it came late. Sweep, alike."""

    dead_band_in_s: float
    """Error at which correction stops. Sweep: writes if halved, errors if doubled."""

    dead_band_out_s: float
    """Error at which it begins again. Sweep: writes if halved, errors if doubled."""

    edge_s: float = 10.0
    """It begins again, too, when the error has been between the two for so long. Bench, soak: a
    page stood 3.5 ms ahead for 20 minutes. Simulated starts: p95 2.6 ms and 1.2 writes a minute;
    3.5 and 0.5 without, 2.3 and 1.7 with 5 s. Sweep: writes if halved."""

    tau_s: float
    """Time constant of correction. Sweep: `seek` if halved, writes if doubled."""

    tau_far_s: float
    """The same in recovery. Sweep: `slip`."""

    recover_above_s: float = 0.020
    """Error at which recovery takes over from steady correction; it goes on into the dead band.
    Sweep: `slip` if doubled; halved, simulated, 300 late starts are alike."""

    integral_time_s: float = 30.0
    """Reset time Ti of the integrator. Sweep: writes if halved, `join` if doubled."""

    integral_limit: float = 300e-6
    """Bound of the integrator, as a ratio. Sweep, alike."""

    steady_limit: float
    """Largest correction of the rate, as a ratio. Sweep: `join` if halved, writes if doubled."""

    recovery_limit: float
    """The same in recovery. Sweep: writes if halved, `slip` if doubled."""

    recovery_limit_muted: float
    """The same in recovery while nobody hears it. Sweep, alike."""

    recovery_s: float
    """How long a recovery may last; 0: there is none. Sweep: seeks, which are seen, come sooner if
    halved; `slip` if doubled."""

    recovery_rest_s: float = 3.0
    """Time after one that did not get there until the next. Bench, a busy Chromium: 10 left 40 ms
    to the steady limit, for 8 s. Sweep, alike."""

    unmended_s: float
    """Error that such a recovery may leave without a seek. Sweep: seeks come sooner if halved;
    `slip` if doubled."""

    write_gap_s: float
    """Least time between two writes of the rate. Sweep: writes if halved, `first`, `slip` if
    doubled."""

    write_step: float = 2e-4
    """Least change of the rate that is worth a write. Sweep, alike for a browser."""

    blind_s: float
    """Time after a start or a write in which frames tell nothing. Measured; sweep: `join` if
    doubled."""

    start_blind_s: float
    """The same after a start, where media moves as it will. Measured; sweep: `first`, `tight` if
    doubled."""

    brisk_s: float = 0.0
    """Time after a start in which a glimpse of an error is mended at once; 0: none. Sweep: `behind`
    if doubled."""

    brisk_above_s: float = 0.0
    """Error that is mended so, until the next write. Sweep: `join` if halved, `seek` if doubled."""

    brisk_limit: float = 0.0
    """It is mended by a correction of this at most, at normal speed only. Sweep: `first` if halved,
    `tight` if doubled."""

    settle_s: float
    """Time after a start without a write. Sweep: `first`, `tight` if doubled."""

    settle_escape_s: float
    """The same does not hold while the error is larger than this. Sweep, alike for a browser."""

    seek_above_s: float
    """Error beyond which only a seek helps. Sweep: seeks, which are seen, come sooner if halved."""

    seek_gap_s: float = 3.0
    """Least time from a seek to a correction: what viewers bear, not what is quickest. Sweep,
    alike."""

    seek_patience: int = 3
    """Such seeks without success until the bound doubles. Sweep, alike."""

    window_s: float = 0.75
    """How far back samples count. Sweep: `slip` if doubled."""

    window_min_s: float
    """What the samples must span to be believed. Sweep: writes if doubled."""

    glimpse_s: float = 0.1
    """What they must span to be believed that only a seek helps. Sweep: writes if halved, `first`
    if doubled."""

    jolt_s: float = 0.5
    """Error at which one frame is believed, if the player's position agrees. Simulated stops of 1.7
    s: within 33 ms after 0.40 to 0.45 s, 0.55 without. Sweep, alike."""

    in_sync_s: float = 0.040
    """Error up to which the viewer is told to be in sync: what people notice between sound and
    picture (docs/decisions/0015). Nothing is corrected by it; sweep, alike."""

    coarse_widen: float = 10.0
    """Factor of the dead band while only the coarse position is known, as in a hidden tab: 20 to 40
    ms, as `currentTime` was measured to be off by 20. Sweep, alike."""

    coarse_seek_above_s: float
    """Then the least bound of a seek. Sweep, alike."""

    coarse_window_s: float = 3.0
    """Then how far back samples count. Sweep, alike."""


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
