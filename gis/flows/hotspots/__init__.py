"""Hotspot streets of any city from two files: its reports and its streets."""
