"""The pure heart: no socket, file, clock, environment or logging. Same arguments, same answer."""
