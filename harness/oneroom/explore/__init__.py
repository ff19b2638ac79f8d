"""Runs many scenarios under many seeds, says which of them are what their files expect, and keeps
what failed.

Lives here: the suite over processes, expectations, grouping of results, the failure store, the
check that a run repeats itself. May not live here: how anything looks (report), options and exit
codes (cli), what a run is (sim).
"""
