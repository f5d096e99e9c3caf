"""Rounds (走访、巡查、送餐): in which order stops are visited, and who is to be looked in on again; pure."""

from gis.rounds.order import Round, order_round

__all__ = ["Round", "order_round"]
