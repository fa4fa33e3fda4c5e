"""How likely: draws over the judgements, pace, the outside view, evidence, and pooling."""
