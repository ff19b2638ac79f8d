"""Every schedule of a small scenario, up to stated bounds (`oneroom exhaust`).

Lives here: what a schedule may depart in, one run of it, the states that were reached, the
schedules that are left, and the search over them. A run is made again from its start for every
schedule, as stateless model checkers do; a state that was reached before ends it.
"""
