"""Where things are kept, and how the service is looked after: photos, buckets, memory, copies, logs."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, IPvAnyNetwork, field_validator

from gis.settings.group import Group, database_address


class PhotoSettings(Group):
    """Limits on what is uploaded and sizes of what is served."""

    max_bytes: int = Field(25_000_000, ge=1, description="largest photo accepted, bytes")
    max_pixels: int = Field(64_000_000, ge=1, description="largest photo decoded, pixels")
    max_per_report: int = Field(9, ge=1, le=100, description="photos in one report")
    at_once: int = Field(
        64,
        ge=1,
        description="reports with photos that a process works on at once; who comes then is asked to come again soon",
    )
    decode_bytes: int = Field(
        1_300_000_000,
        gt=0,
        description="most memory that decoding one photo may take, bytes; WebP needs 16 a pixel",
    )
    decode_cpu_s: float = Field(
        15.0, gt=0, description="longest that decoding one photo may compute, seconds; the largest take two"
    )
    decode_wait_s: float = Field(
        60.0, gt=0, description="longest that decoding one photo may take on a busy machine, seconds"
    )
    view_px: int = Field(
        1920,
        ge=16,
        le=10_000,
        description="longer side of the rendition for viewing, pixels: that of phones' photos",
    )
    thumb_px: int = Field(320, ge=16, le=10_000, description="longer side of the thumbnail, pixels")
    blur_faces: bool = Field(
        False,
        description="blur faces in the photos that are shown, a minute after they came; frontal ones only, originals stay",
    )
    plate_model: Path | None = Field(
        None,
        description="blur licence plates too, by this ONNX file of open-image-models; wants the extra `plates`",
    )

    @property
    def blurs(self) -> bool:
        """Whether anything is blurred in photos."""
        return self.blur_faces or self.plate_model is not None


class BucketSettings(Group):
    """A private bucket that speaks S3, for photos of services on several machines."""

    name: str = Field(
        "", pattern=r"^[A-Za-z0-9.-]{0,63}$", description="the bucket; none: photos are in the state folder"
    )
    endpoint: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+)?$",
        description="https://host[:port] of the store, where it isn't Amazon's",
    )
    region: str = Field("us-east-1", description="region; most stores of one's own take any")
    prefix: str = Field("", description="what all names in the bucket begin with")
    key_id: str = Field("", description="access key; none: as the machine's own role says")
    secret: str = Field("", repr=False, description="its secret")


class MemorySettings(Group):
    """How much of a process's memory is kept filled."""

    communities_mb: int = Field(
        200, ge=1, description="places and streets of communities; those not asked for longest go first, MB"
    )
    built_mb: int = Field(
        4000,
        ge=0,
        description="communities ready made in files of the state folder, read in place of their rows; those not asked for longest go first, MB; 0: none",
    )


class ReplicaSettings(Group):
    """A copy of the database that follows it, for pages that look at months and years."""

    url: str = Field("", repr=False, description="postgresql://... of the copy; none: there is none")
    lag_s: float = Field(
        10.0, gt=0, description="how far behind it may be; further, the database itself is read, seconds"
    )
    _address = field_validator("url")(database_address)


class LogSettings(Group):
    """What the log tells."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="what is left out below: debug, info, warning, error"
    )
    requests: bool = Field(
        False, description="a line for each answer: method, route, status, time; no address, no query"
    )
    slow_s: float = Field(2.0, gt=0, description="answers that take longer are told of, seconds")


class ArchiveSettings(Group):
    """Every change of the private database kept as it happens, so that any moment can be brought back."""

    folder: Path | None = Field(
        None, description="folder of the backups; none: nothing but backups leads back"
    )
    key: Path | None = Field(None, description="file of the key that seals the backups")
    copy_days: float = Field(
        7.0,
        gt=0,
        description="how old a copy of the database's files may get, days; weiwang backup renews it",
    )


class WatchSettings(Group):
    """When the service says that it should be looked after."""

    communities: int = Field(
        20, ge=0, description="figures at /metrics name communities while they are so many at most"
    )
    scrapers: tuple[IPvAnyNetwork, ...] = Field(
        (), description="addresses or networks that may read /metrics, besides this machine"
    )
    free_gb: float = Field(1.0, ge=0, description="less room on a disk is little, gigabytes")
    jobs_late_s: float = Field(60.0, gt=0, description="background jobs due for longer are behind, seconds")
    backup_days: float = Field(2.0, gt=0, description="a backup that is older is old, days")
