"""Stations (暖心驿站): when they are open."""
