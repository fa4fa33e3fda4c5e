"""Modelling slips: what stands in a case and is no error, but is hardly what its author meant."""
