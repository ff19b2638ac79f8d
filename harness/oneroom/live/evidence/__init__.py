"""Evidence from outside the windows: server log, RoomService, witness; merged into one trace."""
