"""The pure core: decisions without I/O, threads, Qt or clock reads."""
