"""Weiwang 微网: the domain. No HTTP, no HTML."""
