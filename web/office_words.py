"""Words of the frame and of the office's own pages: not given to scripts, so that a rider's page doesn't carry them."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_, translate

LOOK_NAMES: Mapping[str, str] = {
    "theme": N_("明暗"),
    "auto": N_("自动"),
    "light": N_("浅色"),
    "dark": N_("深色"),
    "text": N_("字号"),
    "normal": N_("标准字"),
    "large": N_("大字"),
}


def office_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys that only templates show, by kind."""
    kinds = {"look": LOOK_NAMES}
    return {
        kind: {str(key): translate(language, text) for key, text in table.items()}
        for kind, table in kinds.items()
    }
