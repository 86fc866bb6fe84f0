"""The only place that opens a socket, keeps a cache, waits, or tries again."""
