"""The real thing: a LiveKit server in a container or beside us, and real time.

What lives here: everything that may wait, open a socket, start a process or read a clock. What may
not: rules of the owner machine (oneroom.core), verdicts (oneroom.checks), and anything that a run
in virtual time needs: this package is imported only by those who asked for the real thing, because
its libraries are optional (`pip install oneroom[live]`).
"""
