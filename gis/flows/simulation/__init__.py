"""A year of a community's life, planned by a seed and lived through the same flows as live traffic."""
