"""Would it hold: the stability concepts of the graph model for conflict resolution."""
