"""Virtual time: the world of one run, made of fakes, on SimPy.

Lives here: the kernel (the one order of time), the world that plays a scenario, and its parts. May
not live here: behaviour of real things (fakes), decisions of windows (core, policies), what drives
them (driver), judgement (checks). `kernel` is the only module that imports SimPy.
"""
