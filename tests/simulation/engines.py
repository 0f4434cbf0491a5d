"""The tunings of browsers that need one of their own, as web/edge/engine.js has them.

Only pages use them; they are here so that simulated players can be driven with them, too.
tests/vectors/follower_tuning.json holds the two together.
"""

import dataclasses

from server.core.tuning import BROWSER

COSTLY_RATES = dataclasses.replace(
    BROWSER,
    start_latency_s=0.012,
    sound_sleeps_s=0.0,
    frame_lead_s=0.0,
    frame_lead_max_s=0.0,
    dead_band_in_s=0.05,
    dead_band_out_s=0.06,
    integral_limit=0.0,
    steady_limit=0.0,
    recovery_limit=0.0,
    recovery_limit_muted=0.0,
    recovery_s=0.0,
    start_blind_s=0.15,
    brisk_s=0.0,
    seek_above_s=0.06,
    in_sync_s=0.06,
)
"""WebKit: a write of the rate stops the film for a moment, so there is none."""

FREE_FRAMES = dataclasses.replace(
    BROWSER,
    start_latency_s=0.062,
    sound_sleeps_s=0.0,
    frame_lead_s=0.0,
    frame_lead_max_s=0.0,
)
"""Firefox: frames follow the media clock."""
