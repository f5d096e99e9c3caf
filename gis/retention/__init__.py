"""What is kept how long: one table of purposes, each with its period and the borders within which an office may choose."""

from gis.retention.purposes import PURPOSES, Purpose, days_of

__all__ = ["PURPOSES", "Purpose", "days_of"]
