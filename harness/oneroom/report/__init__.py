"""Reports: the failure text, the timeline, the summary, JSON lines, JUnit, the report folder.

Lives here: everything that makes prose or files of results and traces. Record kinds become words in
`describe` and nowhere else. May not live here: judgement (checks), running (explore), options and
exit codes (cli).
"""
