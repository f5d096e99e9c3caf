"""The one place that says what a page may load and run."""

from __future__ import annotations

from collections.abc import Sequence


def content_security_policy(nonce: str, *, framed: bool = False, pictures: Sequence[str] = ()) -> str:
    """Return the Content-Security-Policy of an HTML answer.

    Everything comes from this server. Scripts are files of ours, or carry the answer's nonce (the import map, and
    the script that Folium writes). Styles are files of ours or carry the nonce (Folium again); Leaflet sets positions
    through the CSS object model, which needs no exception. Photos that were just taken are shown from ``blob:``.

    Parameters
    ----------
    nonce
        The answer's own.
    framed
        Whether one of our own pages shows it in a frame; no other page may ever.
    pictures
        Origins of map tiles that an operator has chosen.
    """
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            " ".join(("img-src 'self' data: blob:", *pictures)),
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-src 'self'",
            "frame-ancestors 'self'" if framed else "frame-ancestors 'none'",
        ),
    )
