"""Pictures of pages: what is asked of each, and sheets of many."""
