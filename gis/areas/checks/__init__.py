"""What is wrong with a proposed set of areas: one check for files, repairs, editing and publishing."""

from gis.areas.checks.finding import Finding, Kind, Severity, errors_of
from gis.areas.checks.run import check_areas
from gis.areas.checks.subject import BuildingFacts, Limits

__all__ = ["BuildingFacts", "Finding", "Kind", "Limits", "Severity", "check_areas", "errors_of"]
