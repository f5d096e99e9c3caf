"""The composition root: application, routes, errors, command line."""
