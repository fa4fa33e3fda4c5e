"""Bargaining on ordered issues: positions and saliences in, where a decision ends up out.

One file a model, one registry (:mod:`~.registry`). What a paper leaves open is a named option.
"""
