"""One file a verb: each carries data between the rooms and the store."""
