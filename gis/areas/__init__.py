"""Read, check, repair and publish areas: communities, grids, micro-grids, courtyards."""
