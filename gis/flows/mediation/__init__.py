"""Mediation of disputes: only its mediator and one responsible social worker read or write what was said."""
