"""Checks of a run: one invariant a file, judged by the trace alone.

Lives here: the checks, what they share in following a trace (`window_lifecycle`, `rooms`,
`sessions`, `evictions`), the ledger of what the user felt, the judge that runs them all over one
trace, the verdicts with their exit codes, and the results of runs as values. May not live here: any
import of core, policies, ports or fakes, because a check would inherit the bugs that it is there to
catch; prose beyond one sentence about a violation (report).
"""
