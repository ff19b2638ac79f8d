"""Runs of many scenarios under many seeds, compared with what their files expect; failures kept.

Lives here: the suite over processes, expectations, grouping of results, the failure store, the
check that a run repeats itself. May not live here: how anything looks (report), options and exit
codes (cli), what a run is (sim).
"""
