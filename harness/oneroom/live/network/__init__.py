"""The network between windows and server: cut, delayed and healed per window, on loopback."""
