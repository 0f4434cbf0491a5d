"""Tests of server.media.hls."""
