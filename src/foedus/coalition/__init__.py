"""Governments: from parties to the chance of every coalition, and who would refuse it."""
