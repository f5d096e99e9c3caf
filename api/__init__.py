"""The composition root: application, routes, errors, command line."""

import gc

# Loading makes hundreds of thousands of objects that stay: to look through them again and again took a sixth of a start.
gc.set_threshold(50_000, 20, 20)
