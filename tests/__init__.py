"""Tests: each room of the service, its addresses and pages, and what happens when parts of it fail."""
