"""Where hazards concentrate along streets."""
