"""The QR code that a reward is collected with: any camera opens the counter's page with it."""

from __future__ import annotations

import segno
from markupsafe import Markup

PATH = "/service/counter?code="
QUIET_MODULES = 4


def code_qr(base: str, code: str) -> Markup:
    """Return a code as an SVG element without a size of its own.

    Parameters
    ----------
    base
        The public address of the service.
    code
        Of the redemption.
    """
    made = segno.make([f"{base}{PATH}", code], error="m", micro=False)  # type: ignore[arg-type]  # a list: a segment each
    return Markup(made.svg_inline(omitsize=True, border=QUIET_MODULES, svgclass="qr", lineclass=None))  # noqa: S704
