"""The report as a page of a server on this machine, with what a file cannot do: runs played again
with a change, and the progress of a search.
"""
