"""Slow, obvious reference implementations, written from the definitions.

Nothing here imports foedus: the tests compare foedus with these, so they share no code with it.
"""
