"""A LiveKit server and the client SDKs in front of it, in virtual time.

Lives here: the server (`server`, `room`, `participant_session`, `server_transport`,
`duplicate_identity`, `updates`, `speakers`), the SDK in a page (`client`, `rtc_engine`,
`signal_client`, `pc_transport`, `local_tracks`, `roster`), what lies between them
(`signal_messages`, `peer_connection`), the other people (`remote_participants`, `witness`), and
every number (`timers`). May not live here: anything about windows, owners or policies. The SFU
knows identities, sids and connections.
"""
