"""Planted bugs: the machine without one of its protections.

A protection of core, policies or driver is a method of its own there. Its bug is a small subclass
of that class that overrides the method; `safeguards` lists all of them by name, `without` makes the
classes of a machine that lacks some. Nothing below this package knows that bugs exist.
"""
