"""Indicators (指标): what is counted, over which periods, and how small cells are compared."""
