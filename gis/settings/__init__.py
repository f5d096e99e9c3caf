"""Settings: small typed groups, read once from the environment (prefix ``WEIWANG_``) and passed in."""

from gis.settings.all import Settings
from gis.settings.keeping import (
    ArchiveSettings,
    BucketSettings,
    LogSettings,
    MemorySettings,
    PhotoSettings,
    ReplicaSettings,
    WatchSettings,
)
from gis.settings.outside import BaseMapSettings, ExportSettings, InterfaceSettings, MapApp
from gis.settings.people import (
    IdentitySettings,
    RateSettings,
    ResidentSettings,
    RetentionSettings,
    SignInSettings,
)
from gis.settings.work import (
    DispatchSettings,
    DuplicateSettings,
    HotlineSettings,
    MusterSettings,
    OfficeSettings,
    RobotSettings,
    SnapSettings,
)

__all__ = [
    "ArchiveSettings",
    "BaseMapSettings",
    "BucketSettings",
    "DispatchSettings",
    "DuplicateSettings",
    "ExportSettings",
    "HotlineSettings",
    "IdentitySettings",
    "InterfaceSettings",
    "LogSettings",
    "MapApp",
    "MemorySettings",
    "MusterSettings",
    "OfficeSettings",
    "PhotoSettings",
    "RateSettings",
    "ReplicaSettings",
    "ResidentSettings",
    "RetentionSettings",
    "RobotSettings",
    "Settings",
    "SignInSettings",
    "SnapSettings",
    "WatchSettings",
]
