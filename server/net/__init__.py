"""The network edge: one port that serves the page, the films and the WebSocket.

It owns who gets in and how bytes cross; it knows nothing of the room's rules or of media.
"""
