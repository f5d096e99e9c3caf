"""Service hours and the points ledger."""
