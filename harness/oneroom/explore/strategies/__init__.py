"""Strategies of a search: how the runs of `oneroom fuzz` draw, one strategy a file.

A strategy works on draws alone: which source of choices a run gets, and what is learnt from a run
that is over. What the draws mean (windows, steps, faults) is not its concern. It lives in the
process that leads the search; a recipe for each run crosses to the others, and a small result comes
back. A search of all schedules of a small scenario is a command of its own, not a strategy.
"""
