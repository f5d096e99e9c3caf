"""What leaves the service or comes into its pages from elsewhere: files, interfaces, maps."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field

from gis.settings.group import Group
from gis.words import Datum


class ExportSettings(Group):
    """Files that people take out."""

    at_once_rows: int = Field(
        5000, ge=0, description="rows of a file that is answered at once; larger ones are ordered"
    )
    keep_h: float = Field(24.0, gt=0, description="how long an ordered file is kept, hours")


class InterfaceSettings(Group):
    """What programs of others may read."""

    public: bool = Field(
        True,
        description="serve /ogc and /open311 without signing in: outlines, streets, and hazards by day and 100 m",
    )


MapApp = Literal["amap", "baidu", "tencent"]


class BaseMapSettings(Group):
    """Raster tiles under the community's own layers, from elsewhere: off unless an address is given."""

    url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#'\";,]+/[^\s'\"]*\{z\}[^\s'\"]*)?$",
        description="address of tiles with {z}, {x}, {y} and perhaps {s}, for example Tianditu's or Amap's; a key goes into it",
    )
    subdomains: str = Field(
        "", pattern=r"^[0-9a-z]*$", description="letters or figures that stand for {s}, for example 01234567"
    )
    datum: Datum = Field(
        Datum.WGS84,
        description="what the tiles are drawn in: Tianditu cgcs2000, Amap gcj02 (tiles are moved, not the data)",
    )
    highest: int = Field(18, ge=1, le=22, description="highest zoom that there are tiles for")
    attribution: str = Field("", max_length=120, description="whose map it is, shown in its corner")

    @property
    def origins(self) -> tuple[str, ...]:
        """Where pages load pictures from besides this server; none without an address."""
        if not self.url:
            return ()
        address = urlsplit(self.url)
        hosts = [address.netloc.replace("{s}", one) for one in self.subdomains or " "]
        return tuple(dict.fromkeys(f"{address.scheme}://{host}" for host in hosts))
