"""Logs from the field as scenario skeletons: one kind of file a module.

Lives here: readers from text to observations, and the writer of the skeleton. A reader gives times,
windows and verbs, and words of our own; nothing else of a log is copied, because URLs, identities
and messages hold tokens and people's names. May not live here: anything that runs a scenario.
"""
