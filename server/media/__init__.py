"""The film as a file: what it is, the opaque name it goes by, and its bytes over HTTP.

`facts` and `codecs` describe it, `probe` asks a process of its own (`probe_process`),
`library` names it, `ranges`, `reading` and `direct` serve it. Nothing here knows of
rooms, sockets or access.
"""
