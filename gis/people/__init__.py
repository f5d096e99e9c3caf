"""Roles, duty, and who may see or do what."""
