"""Processes that belong to a run: children with a pipe, and the guard that kills stopped ones."""
