"""Two cases beside each other: what differs, and what each difference does to the answers."""
