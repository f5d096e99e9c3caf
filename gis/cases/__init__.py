"""Categories, the transition table, deadlines."""
