"""What follows from a case: acceptance and stability."""
