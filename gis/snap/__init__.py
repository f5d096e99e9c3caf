"""From positions to micro-grid, grid, building and street segment, with probabilities."""
