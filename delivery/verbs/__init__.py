"""The verbs of the `mlgov` command, one file each: its docstring is its help, `options` its options, `run` its work.

What a verb needs is imported when it runs, so that `--help`, `check` and `graph` stay under a second.
"""
