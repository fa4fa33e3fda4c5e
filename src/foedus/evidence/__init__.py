"""What the answers rest on: competing hypotheses, the weight of evidence, and gaps."""
