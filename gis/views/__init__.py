"""Read models: what pages, maps and lists show."""
