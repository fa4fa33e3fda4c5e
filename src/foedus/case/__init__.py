"""The case file: its model, reading it, the statement language, importers."""
