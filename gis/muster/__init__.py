"""Musters (应急集结): who is called, in which waves; pure."""
