"""Settings: small typed groups, read once from the environment (prefix ``WEIWANG_``) and passed in."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from gis.settings.group import database_address
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


class Settings(BaseSettings):
    """Everything that an operator may set; ``weiwang doctor`` prints it."""

    model_config = SettingsConfigDict(env_prefix="WEIWANG_", env_nested_delimiter="__", extra="ignore")

    database_url: str = Field(
        "",
        description="PostgreSQL with PostGIS; empty: a private cluster in the state folder",
        validation_alias="DATABASE_URL",
    )
    state: Path = Field(Path("var"), description="folder of photos, keys and the private database")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65_535, description="port to listen on")
    demo: bool = Field(
        False, description="load the demo community and its sign-ins when no community is there"
    )
    demo_sign_ins_anywhere: bool = Field(False, description="allow demo sign-ins from other machines")
    secure_cookies: bool = Field(False, description="cookies over HTTPS only (set behind HTTPS)")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        description="address under which people reach the service, printed on plates; empty: the request's own",
    )
    trusted_proxies: tuple[str, ...] = Field(
        ("127.0.0.1", "::1"),
        description="addresses or networks of proxies whose X-Forwarded-For is believed",
    )
    pool_size: int = Field(12, ge=1, le=1000, description="database connections kept")
    run_jobs: bool = Field(True, description="run background jobs inside this process")
    photo: PhotoSettings = PhotoSettings()
    bucket: BucketSettings = BucketSettings()
    memory: MemorySettings = MemorySettings()
    replica: ReplicaSettings = ReplicaSettings()
    sign_in: SignInSettings = SignInSettings()
    rates: RateSettings = RateSettings()
    dispatch: DispatchSettings = DispatchSettings()
    office: OfficeSettings = OfficeSettings()
    snap: SnapSettings = SnapSettings()
    duplicates: DuplicateSettings = DuplicateSettings()
    robots: RobotSettings = RobotSettings()
    muster: MusterSettings = MusterSettings()
    base_map: BaseMapSettings = BaseMapSettings()
    navigation_links: tuple[MapApp, ...] = Field(
        (),
        description='map apps that a task may be opened in, for example ["amap", "baidu", "tencent"]; none: no link',
    )
    exports: ExportSettings = ExportSettings()
    interfaces: InterfaceSettings = InterfaceSettings()
    hotline: HotlineSettings = HotlineSettings()
    identity: IdentitySettings = IdentitySettings()
    residents: ResidentSettings = ResidentSettings()
    retention: RetentionSettings = RetentionSettings()
    log: LogSettings = LogSettings()
    watch: WatchSettings = WatchSettings()
    archive: ArchiveSettings = ArchiveSettings()

    _address = field_validator("database_url")(database_address)

    @property
    def photo_folder(self) -> Path:
        """Folder of originals and renditions."""
        return self.state / "photos"

    @property
    def community_folder(self) -> Path:
        """Folder of communities ready made."""
        return self.state / "communities"

    @property
    def export_folder(self) -> Path:
        """Folder of files that people have ordered."""
        return self.state / "exports"
