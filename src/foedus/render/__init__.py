"""Blocks turned into what people see."""
