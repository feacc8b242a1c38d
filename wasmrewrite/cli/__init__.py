"""The command line: one file per verb, and what verbs share. The only place that prints or writes files.

Not here: anything worth calling from Python.
"""
