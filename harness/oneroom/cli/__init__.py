"""The command `oneroom`: one command a file, each imported only when it is called.

Lives here: options, exit codes, what is printed where, and the putting together of all other
packages. May not live here: anything that another program could want without a command line.
"""
