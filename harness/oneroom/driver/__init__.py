"""Code that both arms share: the drivers of one `Coordinator`, the faults of a run, common steps.

Lives here: what a runtime of the app does with events and actions (page, window, recorder), what
browsers do to its tasks and timers, and the steps that mean the same in both arms. The only time
source is the `Scheduler` port. May not live here: fakes, the real SDK, a world (`sim` and `live`,
which both plug windows in), or a clock.
"""
