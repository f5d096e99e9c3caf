"""Duplicates: how probable it is that two reports are about one thing. Pure; knows no case, no table, no person."""

from gis.duplicates.evidence import hamming, sigma_m, text_similarity
from gis.duplicates.kinds import JOINED, PERSONAL, extent_m, reach_m, related
from gis.duplicates.scoring import ASK, AUTOMATIC, BLOCK_M, Pairs, score

__all__ = [
    "ASK",
    "AUTOMATIC",
    "BLOCK_M",
    "JOINED",
    "PERSONAL",
    "Pairs",
    "extent_m",
    "hamming",
    "reach_m",
    "related",
    "score",
    "sigma_m",
    "text_similarity",
]
