"""A LiveKit server and the client SDKs in front of it, in virtual time.

Lives here: what the server does (`server`, `room`, `session`, `updates`), what the SDK in a page
does (`client`, `engine`, `ending`, `signal`, `publications`, `retry`), what lies between (`wire`,
`media`), what the world sees (`witness`), and every number (`timers`). May not live here: anything
about windows, owners or policies. The SFU knows identities, sids and connections.
"""
