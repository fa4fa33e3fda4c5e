"""Acceptance: who would say no to each arrangement."""
