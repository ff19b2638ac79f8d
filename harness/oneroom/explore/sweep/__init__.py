"""The sweep of time-outs over policies and environments: points, runs, costs, a recommendation.

Lives here: what is run, what is measured of it, and which setting follows. May not live here: how
that is printed or drawn.
"""
