"""Code that both arms share, in virtual and in real time alike: what drives one
`Coordinator` (the page with its event loop, the window, the recorder), the faults of a run, and
steps of the stage.

Lives here: what a runtime of the app does with events and actions, what browsers do to its tasks
and timers, and the steps that mean the same in both arms. Of time it needs the `Scheduler` port
alone. May not live here: fakes, the real SDK, a world (sim and live, which both plug windows in),
or a clock.
"""
