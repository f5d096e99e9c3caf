"""What people do at the pages of the real service, with a browser."""
