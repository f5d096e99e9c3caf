"""Photo bytes to place, time and clean renditions."""
