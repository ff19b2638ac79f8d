"""The LiveKit server of a run: started, configured, reached, changed and stopped."""
