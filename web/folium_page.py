"""Folium documents that load nothing from outside and run under our Content-Security-Policy."""

from __future__ import annotations

import re
from typing import Any

from branca.element import CssLink, Element, Figure, JavascriptLink
from markupsafe import Markup, escape

from web.assets import Assets

# Folium's names of the files it links -> ours. A name that is in neither table raises: a new layer needs a decision.
LINKED = {
    "leaflet": "vendor/leaflet/leaflet.js",
    "leaflet_css": "vendor/leaflet/leaflet.css",
    "leaflet-heat.js": "vendor/leaflet.heat/leaflet-heat.js",
    "markerclusterjs": "vendor/leaflet.markercluster/leaflet.markercluster.js",
    "markerclustercss": "vendor/leaflet.markercluster/MarkerCluster.css",
    "markerclusterdefaultcss": "vendor/leaflet.markercluster/MarkerCluster.Default.css",
}
# What Folium links on every map for popups and icons of markers, which these maps have none of: 700 KB less.
LEFT_OUT = frozenset(
    {
        "jquery",
        "bootstrap",
        "bootstrap_css",
        "glyphicons_css",
        "awesome_markers",
        "awesome_markers_css",
        "awesome_markers_font_css",
        "awesome_rotate_css",
    },
)
_PICTURE = re.compile(r"url\((?![\"']?data:)[^)]*\)")
_OPENING = re.compile(r"<(script|style)(?=[\s>])")


class LocalFigure(Figure):
    """A Folium document whose links lead to this server and whose scripts and styles carry a nonce.

    Parameters
    ----------
    assets
        Gives the URLs of static files.
    nonce
        The one that the answer's Content-Security-Policy names.
    language
        ``lang`` of the document.
    styles
        Style sheets of ours to link, as paths of static files, each with the media that it is for, if not all.
    scripts
        Scripts of ours, likewise.
    entire
        Everything is inside: the document is a file by itself, which asks nobody for anything.
    """

    def __init__(
        self,
        assets: Assets,
        *,
        nonce: str,
        language: str,
        title: str,
        styles: tuple[tuple[str, str], ...] = (),
        scripts: tuple[str, ...] = (),
        entire: bool = False,
    ) -> None:
        super().__init__(title=title)
        self._assets = assets
        self._nonce = nonce
        self._language = language
        self._styles = styles
        self._scripts = scripts
        self._entire = entire

    def render(self, **kwargs: Any) -> str:
        """Return the whole HTML document."""
        for child in self._children.values():
            child.render(**kwargs)
        head = "\n".join(self._head_part(name, child) for name, child in self.header._children.items())  # noqa: SLF001 - branca offers no other way to its header
        head += "".join(self._style_link(path, media) for path, media in self._styles)
        head += "".join(self._script_link(path) for path in self._scripts)
        return (
            f'<!DOCTYPE html>\n<html lang="{escape(self._language)}">\n<head>\n<title>{escape(self.title)}</title>\n{head}\n</head>\n'
            f"<body>\n{self.html.render(**kwargs)}\n"
            f'<script nonce="{escape(self._nonce)}">\n{self.script.render(**kwargs)}\n</script>\n</body>\n</html>\n'
        )

    def _head_part(self, name: str, child: Element) -> str:
        """Return one part of the head: a link to our own file, or Folium's text with the nonce."""
        if not isinstance(child, (JavascriptLink, CssLink)):
            return _OPENING.sub(rf'<\1 nonce="{escape(self._nonce)}"', child.render())
        if name in LEFT_OUT:
            return ""
        if name not in LINKED:
            raise LookupError(
                f"Folium links {name!r} ({child.url}), for which there is no local file in web.folium_page.LINKED"
            )
        if isinstance(child, CssLink):
            return self._style_link(LINKED[name])
        return self._script_link(LINKED[name])

    def _script_link(self, path: str) -> str:
        if self._entire:
            text = self._assets.text(path).replace("</script", "<\\/script")
            return f'<script nonce="{escape(self._nonce)}">{text}</script>'
        return Markup('<script src="{}"></script>').format(self._assets.url(path))

    def _style_link(self, path: str, media: str = "") -> str:
        if self._entire:  # pictures of controls that aren't shown are left out
            text = _PICTURE.sub("none", self._assets.text(path))
            return f'<style nonce="{escape(self._nonce)}" media="{media or "all"}">{text}</style>'
        link = Markup('<link rel="stylesheet" href="{}" media="{}">')
        return link.format(self._assets.url(path), media or "all")
