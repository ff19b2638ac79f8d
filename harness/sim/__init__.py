"""Virtual time: the world of one run, made of fakes, on SimPy.

Lives here: the kernel (the one order of time), the event loops of windows, the recorder, the world that plays a
scenario. May not live here: behaviour of real things (fakes), decisions of windows (core, policies), judgement
(checks). This is the only package that imports fakes, and `kernel` the only module that imports SimPy.
"""
