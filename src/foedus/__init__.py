"""A workbench for political scenarios."""
