"""Processes that belong to a run: children with a pipe, and the guard of stopped ones."""
