"""What is possible, and who can change what: the space of states, the movers and their moves."""
