"""The network between windows and server: cut, delayed and healed for each window, on loopback."""
