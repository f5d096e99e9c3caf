"""The parts of scripts/simulate_dispatch.py: a town with its people, policies, one run, a bound, tables and pictures."""
