"""Protocols of the world around a window or a fake; each docstring is the contract.

Lives here: one port a file, with units, ordering and errors. A port submits and returns at once;
results arrive later as core events, so that the same contract holds in virtual and in real time.
May not live here: behaviour. Imports `core` values alone.
"""
