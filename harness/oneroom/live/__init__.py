"""The live arm: real time, and a real LiveKit server in a container or beside this process.

Lives here: everything that may wait, open a socket, start a process or read a clock. May not live
here: rules of the owner machine (oneroom.core), verdicts (oneroom.checks), and anything that a run
in virtual time needs. This package is imported only on demand, because its libraries are optional
(`pip install oneroom[live]`).
"""
