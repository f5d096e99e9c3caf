"""Files that people take out: what may be in them, orders with progress, and the writing."""
