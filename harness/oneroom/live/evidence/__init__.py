"""Evidence of the server: its log, RoomService, the witness; merged into one trace."""
