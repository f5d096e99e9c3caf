"""Boundaries as versions: drafts, publishing, rolling back, comparing, giving old cases their new areas."""

from gis.flows.boundaries.around import assignable_people, building_parts
from gis.flows.boundaries.draft_state import DraftState
from gis.flows.boundaries.drafts import discard_draft, publish_draft, read_draft, start_draft
from gis.flows.boundaries.editing import apply_repair, edit_draft, propose_draft_repair, redo, undo
from gis.flows.boundaries.history import (
    compare_draft,
    compare_versions,
    list_drafts,
    list_versions,
    read_version,
)
from gis.flows.boundaries.publish import Published, publish, refuse_errors, roll_back
from gis.flows.boundaries.reassign import Reassigned, preview_reassign, reassign_cases
from gis.flows.boundaries.renewing import Renewal, preview_renewal, renew_draft
from gis.flows.boundaries.uploads import Checked, check_upload, read_files

__all__ = [
    "Checked",
    "DraftState",
    "Published",
    "Reassigned",
    "Renewal",
    "apply_repair",
    "assignable_people",
    "building_parts",
    "check_upload",
    "compare_draft",
    "compare_versions",
    "discard_draft",
    "edit_draft",
    "list_drafts",
    "list_versions",
    "preview_reassign",
    "preview_renewal",
    "propose_draft_repair",
    "publish",
    "publish_draft",
    "read_draft",
    "read_files",
    "read_version",
    "reassign_cases",
    "redo",
    "refuse_errors",
    "renew_draft",
    "roll_back",
    "start_draft",
    "undo",
]
