"""Blocks turned into what people see: the console, and one self-contained HTML page."""
