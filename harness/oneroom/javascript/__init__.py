"""JavaScript in virtual time: the engine, and what crosses between it and a window."""
