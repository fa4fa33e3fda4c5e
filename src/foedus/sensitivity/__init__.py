"""What would change the answer, and what to watch for."""
