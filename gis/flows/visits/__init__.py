"""The watch log, problems found on visits, campaigns and rounds: one file an act."""
