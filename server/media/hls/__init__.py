"""Films for browsers that can't play the file itself: HLS, made by FFmpeg while it is watched."""
