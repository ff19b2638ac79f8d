"""Drivers of one `Coordinator`, shared by virtual and real time: page, window, recorder.

Lives here: what a runtime of the app does with events and actions, and what browsers do to its
tasks and timers. The only time source is the `Scheduler` port. May not live here: fakes, the real
SDK, the world with its steps and faults (`sim` and `live`, which both plug windows in), or a clock.
"""
