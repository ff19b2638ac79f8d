"""What is known of the server: its log, RoomService, the witness; merged into one trace."""
