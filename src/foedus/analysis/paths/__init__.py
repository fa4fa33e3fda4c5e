"""Paths: what can be brought about from today, by whom, in how many moves, and what bars it."""
