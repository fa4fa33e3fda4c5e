"""Results put into words: one file a topic turns results into blocks."""
