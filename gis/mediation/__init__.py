"""Mediation of disputes: what may be entered, what became of it. Pure."""
