"""How a community shows itself: its names, mark, colour, telephone number and filing line (ICP)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from gis.errors import InvalidInputError
from gis.flows.office.record import differences, record
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.intake import CleanPhoto
from gis.people.permissions import require
from gis.store import branding
from gis.store.community_facts import community_facts
from gis.words import Actor

COLOUR = re.compile(r"#[0-9a-f]{6}")
PHONE = re.compile(r"[0-9+()\- ]{3,30}")
LEAST_CONTRAST = 4.5
WHITE, GROUND = "#ffffff", "#f4f3ee"
"""What stands on the colour, and what the colour stands on."""


async def set_branding(
    work: Work,
    actor: Actor,
    *,
    name: str,
    name_en: str,
    colour: str,
    phone: str,
    icp: str,
    logo: CleanPhoto | None = None,
    drop_logo: bool = False,
) -> None:
    """Set how the actor's community shows itself.

    Parameters
    ----------
    work, actor
        Who.
    name, name_en
        The community's.
    colour
        Of the head of pages and of buttons, ``#rrggbb``; empty: the usual one.
    phone, icp
        Shown at the foot of every page; may be empty.
    logo
        A mark from ``prepare_photo``; None: as it is.
    drop_logo
        Whether to take the mark away.

    Raises
    ------
    InvalidInputError
        ``colour_invalid``, ``colour_too_light`` with the contrast, ``phone_invalid``, ``text_needed``, ``text_too_long``.
    """
    require(actor, "administer")
    community_id = actor.community_id
    facts = await community_facts(work.session, community_id)
    was, mark = await branding.branding(work.session, community_id)
    before = {
        "name": facts.name if facts else "",
        "name_en": facts.name_en if facts else "",
        "logo": mark,
        **was,
    }
    words = {"colour": _colour(colour), "phone": _phone(phone), "icp": plain(icp, "icp", limit=60)}
    after: dict[str, Any] = {
        "name": required(name, "name", limit=60),
        "name_en": plain(name_en, "name_en", limit=60),
        "logo": mark,
        **words,
    }
    await branding.set_branding(work.session, community_id, after["name"], after["name_en"], words)
    if logo is not None:
        image = logo.thumb
        after["logo"] = hashlib.sha256(image).hexdigest()
        await branding.put_logo(work.session, community_id, after["logo"], image)
    elif drop_logo:
        after["logo"] = None
        await branding.remove_logo(work.session, community_id)
    if changed := differences(_filled(before), _filled(after)):
        await record(work, actor, "branding", community_id, "changed", name=after["name"], data=changed)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it, 1 to 21.

    Parameters
    ----------
    one, other
        ``#rrggbb``.
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour(given: str) -> str:
    colour = given.strip().lower()
    if not colour:
        return ""
    if not COLOUR.fullmatch(colour):
        raise InvalidInputError("not #rrggbb", code="colour_invalid", field="colour")
    least = min(contrast(colour, WHITE), contrast(colour, GROUND))
    if least < LEAST_CONTRAST:
        raise InvalidInputError(
            "too light for white on it", code="colour_too_light", field="colour", ratio=round(least, 1)
        )
    return colour


def _phone(given: str) -> str:
    phone = given.strip()
    if phone and not PHONE.fullmatch(phone):
        raise InvalidInputError("not a telephone number", code="phone_invalid", field="phone")
    return phone


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
