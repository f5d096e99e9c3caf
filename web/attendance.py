"""The code of attendance as a picture, to be scanned off a screen."""

from __future__ import annotations

import segno
from markupsafe import Markup


def code_picture(address: str) -> Markup:
    """Return a QR code as SVG: dark on light, whatever the page's colours are.

    Parameters
    ----------
    address
        What it leads to.
    """
    made = segno.make(address, error="m", micro=False)
    return Markup(made.svg_inline(scale=8, border=3, dark="#111", light="#fff", omitsize=True))  # noqa: S704
