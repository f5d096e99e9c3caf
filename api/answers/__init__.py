"""What programs and pages are told: one shape for both."""

from api.answers.base import Answer, PersonRef, PhotoLink, Ref, photo_links, thumb_url
from api.answers.cases import CaseOut, OfferOut, StateOut, case_out
from api.answers.detail import CaseDetailOut, detail_out
from api.answers.places import CandidateOut, PlaceOut, place_out, place_told
from api.answers.reports import ReportOut, report_out

__all__ = [
    "Answer",
    "CandidateOut",
    "CaseDetailOut",
    "CaseOut",
    "OfferOut",
    "PersonRef",
    "PhotoLink",
    "PlaceOut",
    "Ref",
    "ReportOut",
    "StateOut",
    "case_out",
    "detail_out",
    "photo_links",
    "place_out",
    "place_told",
    "report_out",
    "thumb_url",
]
