"""Repairs of areas: proposed and shown, applied only when somebody publishes them."""

from gis.areas.repair.proposal import Change, RepairProposal
from gis.areas.repair.propose import TOLERANCE_M, propose_repair

__all__ = ["TOLERANCE_M", "Change", "RepairProposal", "propose_repair"]
