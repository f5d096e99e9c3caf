"""Looking for somebody who is missing: people are called, streets ticked off; what was told is erased afterwards."""
