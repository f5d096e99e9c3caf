"""Plates (门牌码): codes on entrances and in micro-grids that name a place for certain, and can't be forged."""

from gis.plates.code import LONGEST_CODE, Plate, PlateKind, decode, encode, plate_of

__all__ = ["LONGEST_CODE", "Plate", "PlateKind", "decode", "encode", "plate_of"]
