"""From a number to what carries it, and from a source to the answers that depend on it."""
