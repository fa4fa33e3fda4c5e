"""A forecast in words, tables and pictures."""
