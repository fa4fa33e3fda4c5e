"""A case told as it stands: what it holds, on what judgements, on what evidence."""
