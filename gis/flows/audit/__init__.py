"""The audit log: what waits is chained, the chain is looked over, its end is written down elsewhere."""
