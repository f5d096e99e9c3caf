"""Service hours and points, rewards, and what the office keeps of them."""
