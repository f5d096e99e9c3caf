"""Households and the people who live there: checked, masked, searched, read from tables; pure."""
