"""Paths: what can be brought about from today, and what stands in the way."""
