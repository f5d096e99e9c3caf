"""Editing areas by hand: a draft of cells, and acts that turn it into another; pure."""

from gis.areas.editing.apply import apply_edit
from gis.areas.editing.draft import Cell, Draft, Key, draft_of
from gis.areas.editing.edits import (
    AssignGridWorker,
    AssignWatcher,
    Edit,
    Merge,
    MoveCell,
    MovePart,
    Rename,
    Split,
    edit_as_json,
    edit_from_json,
)
from gis.areas.editing.ground import Ground, HousedBuildings, make_ground
from gis.areas.editing.rebase import Rebased, carried, rebase

__all__ = [
    "AssignGridWorker",
    "AssignWatcher",
    "Cell",
    "Draft",
    "Edit",
    "Ground",
    "HousedBuildings",
    "Key",
    "Merge",
    "MoveCell",
    "MovePart",
    "Rebased",
    "Rename",
    "Split",
    "apply_edit",
    "carried",
    "draft_of",
    "edit_as_json",
    "edit_from_json",
    "make_ground",
    "rebase",
]
