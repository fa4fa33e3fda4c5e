"""What was fitted to real decisions: made by benchmarks/fit_decisions.py, not by hand.

From 256 decisions of the European Union in 92 clusters of proposals, 1996 to 2018
[Arregui2022]_; 30 % of the proposals were kept back. Standard errors by a bootstrap of clusters.
"""

HELD = 0.5  # standard error 0.08
"""The chance that an outcome is near what an actor wants, and not near the compromise."""

KEPT = 0.95  # standard error 0.02
"""How much of its distance from the compromise such an outcome keeps."""

NARROW = 0.05  # standard error 0.01
"""The standard deviation around what an actor wants, as a share of the scale."""

WIDE = 0.22  # standard error 0.04
"""The standard deviation around the compromise, as a share of the scale."""

RESIDUAL = {
    "compromise": 0.34,
    "mean": 0.355,
    "median": 0.615,
    "nash-quadratic": 0.345,
    "nash-linear": 0.345,
    "nash-reference": 0.695,
    "challenge": 0.53,
    "scholz-code": 0.435,
    "exchange": 0.375,
    "condorcet": 0.33,
    "central": 0.485,
}
"""By model, the standard deviation of outcomes around its point that scores best, as a share of the
scale: each was the best on a grid of half per cents.
"""
