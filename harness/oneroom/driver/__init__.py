"""Drivers of one `Coordinator`, in virtual and in real time: the page, the window, the recorder.

Lives here: what a runtime of the app does with events and actions, and what browsers do to its
tasks and timers. Of time it needs the `Scheduler` port alone. May not live here: fakes, the real
SDK, the world with its steps and faults (sim and live, which both plug windows in), or a clock.
"""
