"""Settings: small typed groups, read once from the environment (prefix ``WEIWANG_``) and passed in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from gis.words import Datum


class PhotoSettings(BaseModel):
    """Limits on what is uploaded and sizes of what is served."""

    max_bytes: int = Field(25_000_000, description="largest photo accepted, bytes")
    max_pixels: int = Field(64_000_000, description="largest photo decoded, pixels")
    max_per_report: int = Field(9, description="photos in one report")
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
        1920, description="longer side of the rendition for viewing, pixels: that of phones' photos"
    )
    thumb_px: int = Field(320, description="longer side of the thumbnail, pixels")
    blur_faces: bool = Field(
        False,
        description="blur faces in the photos that are shown, a minute after they came; frontal ones only, originals stay",
    )


class BucketSettings(BaseModel):
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


class MemorySettings(BaseModel):
    """How much of a process's memory is kept filled."""

    communities_mb: int = Field(
        200, ge=1, description="places and streets of communities; those not asked for longest go first, MB"
    )


class ReplicaSettings(BaseModel):
    """A copy of the database that follows it, for pages that look at months and years."""

    url: str = Field("", repr=False, description="postgresql://... of the copy; none: there is none")
    lag_s: float = Field(
        10.0, gt=0, description="how far behind it may be; further, the database itself is read, seconds"
    )


class SignInSettings(BaseModel):
    """How long a session lasts and how many attempts are allowed."""

    session_hours: float = Field(12.0, description="life of a browser session, hours")
    token_days: float = Field(30.0, description="life of a program's bearer token, days")
    attempts: int = Field(
        8, ge=1, description="failed attempts at a name from one address before it waits there"
    )
    wait_s: float = Field(60.0, gt=0, description="within how long these are counted, seconds")
    attempts_from_address: int = Field(
        200, ge=1, description="failed attempts at any names from one address in an hour"
    )
    attempts_at_name: int = Field(
        50,
        ge=1,
        description="failed attempts at a name from all addresses in an hour; then only from where its person was before",
    )


class RateSettings(BaseModel):
    """How much may be asked for in a minute: by one person, and from one address, behind which may be a whole office."""

    enforced: bool = Field(
        True, description="whether these limits hold; failed sign-ins are counted in any case"
    )
    person: int = Field(1800, ge=1, description="by one person, anything")
    reports: int = Field(
        240, ge=1, description="by one person, reports: a phone sends what it kept all at once"
    )
    uploads: int = Field(400, ge=1, description="by one person, photos by themselves and other files")
    searches: int = Field(300, ge=1, description="by one person, searches of places, people and codes")
    exports: int = Field(40, ge=1, description="by one person, files taken out")
    address: int = Field(60_000, ge=1, description="from one address, anything")
    strangers: int = Field(1200, ge=1, description="from one address, by who isn't signed in")
    sign_ins: int = Field(600, ge=1, description="from one address, attempts to sign in, right or wrong")


class DispatchSettings(BaseModel):
    """How cases are offered to responders."""

    offer_s: float = Field(
        120.0, description="how long an offer stands unless its category says otherwise, seconds"
    )
    fresh_position_s: float = Field(1800.0, description="older positions of riders are not used, seconds")
    radius_m: float = Field(1500.0, description="first search radius, straight line, metres")
    looked_at: int = Field(24, description="responders on duty, the nearest, who are looked at for a case")
    roster_s: float = Field(
        1.0,
        ge=0,
        description="how long who is on duty is remembered when a report is filed, seconds; 0: not at all",
    )
    candidates: int = Field(16, description="responders whose travel time is computed for a case")
    remember_refusal_s: float = Field(
        300.0, description="a responder who refused is not asked again for this long"
    )
    owner_preference_s: float = Field(60.0, description="head start of the micro-grid's own watcher, seconds")
    load_penalty_s: float = Field(25.0, description="added per live task of the responder, seconds")
    today_penalty_s: float = Field(15.0, description="added per task that the responder took today, seconds")
    rest_s: float = Field(900.0, gt=0, description="how long somebody rests after a task, seconds")
    rest_penalty_s: float = Field(
        30.0, description="added right after a task, less the longer ago it was, seconds"
    )
    vehicle_penalty_s: float = Field(
        60.0,
        description="added for who rides or drives: they stay free for where nobody walks to soon, seconds",
    )
    skill_preference_s: float = Field(
        45.0, description="head start of who has a skill that helps with the category, seconds"
    )
    language_preference_s: float = Field(
        45.0, description="added for who speaks no language of the reporters, seconds"
    )
    watchers_elsewhere: bool = Field(
        True, description="watchers may be asked outside the grid of their own micro-grids"
    )
    elsewhere_penalty_s: float = Field(
        30.0, description="added for a watcher outside the grid of their own micro-grids, seconds"
    )
    on_foot_m: float = Field(
        600.0, description="whoever rides or drives and would walk further than this is not asked, metres"
    )
    max_offers: int = Field(
        3, description="offers that may lapse before the case climbs the ladder by a level"
    )
    claim_radius_m: float = Field(
        1000.0, description="how near a rider on duty must be to claim an open case, straight line, metres"
    )
    max_hand_overs: int = Field(
        3, description="how often colleagues may hand a case over among themselves before the desk decides"
    )


class OfficeSettings(BaseModel):
    """Hours by which deadlines are counted where a community has set none of its own."""

    week: tuple[str, str, str, str, str, str, str] = Field(
        (*(5 * ("08:30-12:00 13:00-17:30",)), "", ""),
        description="hours in which an office works, Monday first; make-up days have those of the first working day",
    )
    day: str = Field(
        "07:00-22:00", description="the day: at night the deadlines of cases that are not urgent stand still"
    )
    longest_pause_days: float = Field(30.0, description="how far off the end of a pause may be, days")


class SnapSettings(BaseModel):
    """When a position is taken for certain, and how far outside it may lie."""

    accept_probability: float = Field(0.8, description="below this the place is ambiguous")
    outside_m: float = Field(
        50.0, description="positions this close outside the community are snapped and flagged"
    )
    default_accuracy_m: float = Field(10.0, description="68% radius assumed where none is stated, metres")
    choice_m: float = Field(
        150.0, description="how far off a place may be that a reporter names themselves, metres"
    )


class DuplicateSettings(BaseModel):
    """When reports are about the same thing."""

    link_automatically: bool = Field(
        True, description="link a report to an open case that is very probably the same, without asking"
    )
    same_as_m: float = Field(
        250.0, description="how far off a case may be that a reporter calls the same, metres"
    )
    recurrence_days: float = Field(
        30.0, description="how long after the work a report at the place is the same thing again, days"
    )


class RobotSettings(BaseModel):
    """Where messages to group robots may go."""

    origins: tuple[str, ...] = Field(
        (), description="hosts besides the services' own, for installations of one's own: https://host[:port]"
    )


class HotlineSettings(BaseModel):
    """Calls to the 12345 hotline."""

    callback_days: float = Field(
        90.0, ge=1, description="numbers to call back are erased so long after the case has ended, days"
    )


class MusterSettings(BaseModel):
    """How people are called together."""

    answer_s: float = Field(120.0, description="how long a wave has to answer before the next is called")
    fresh_position_s: float = Field(
        14_400.0, description="older positions are not used; longer than for offers, for nobody is bound yet"
    )


class ExportSettings(BaseModel):
    """Files that people take out."""

    at_once_rows: int = Field(
        5000, description="rows of a file that is answered at once; larger ones are ordered"
    )
    keep_h: float = Field(24.0, gt=0, description="how long an ordered file is kept, hours")


class InterfaceSettings(BaseModel):
    """What programs of others may read."""

    public: bool = Field(
        True,
        description="serve /ogc and /open311 without signing in: outlines, streets, and hazards by day and 100 m",
    )


class IdentitySettings(BaseModel):
    """Keys that seal what is written of people."""

    keys: tuple[str, ...] = Field(
        (),
        repr=False,
        description='random 32 bytes in base64, the newest first, as ["..."]; none: identity.keys in the state folder',
    )


class ResidentSettings(BaseModel):
    """Records of residents, and how long they are kept."""

    keep_years: float = Field(
        3.0, gt=0, description="a person who has moved away is erased after so long, years"
    )
    missing_days: float = Field(
        30.0, ge=0, description="what was told of a missing person is erased so long after the search, days"
    )
    search_radius_m: float = Field(
        250.0, gt=0, description="how far off people are called for a missing person at first, metres"
    )


class LogSettings(BaseModel):
    """What the log tells."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="what is left out below: debug, info, warning, error"
    )
    requests: bool = Field(
        False, description="a line for each answer: method, route, status, time; no address, no query"
    )
    slow_s: float = Field(2.0, gt=0, description="answers that take longer are told of, seconds")


class ArchiveSettings(BaseModel):
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


class WatchSettings(BaseModel):
    """When the service says that it should be looked after."""

    communities: int = Field(
        20, ge=0, description="figures at /metrics name communities while they are so many at most"
    )
    free_gb: float = Field(1.0, ge=0, description="less room on a disk is little, gigabytes")
    jobs_late_s: float = Field(60.0, gt=0, description="background jobs due for longer are behind, seconds")
    backup_days: float = Field(2.0, gt=0, description="a backup that is older is old, days")


class RetentionSettings(BaseModel):
    """How long things are kept, where a community has chosen nothing else; `weiwang retention rules` shows all of it."""

    reporters_days: float = Field(
        1095.0, ge=30, description="who reported is forgotten so long after the case has ended, days"
    )
    originals_days: float = Field(
        365.0, ge=7, description="photos as they came are kept so long after the case has ended, days"
    )
    dispatches_days: float = Field(
        180.0, ge=7, description="who was how far away when a case was offered is kept so long, days"
    )
    positions_days: float = Field(
        1.0, ge=1, description="the last position of somebody on duty is kept so long, days"
    )
    sessions_days: float = Field(
        1.0, ge=1, description="sessions and one-time codes are kept so long after their end, days"
    )
    notices_days: float = Field(30.0, ge=7, description="notices are kept so long, days")
    imports_days: float = Field(
        30.0, ge=1, description="files of the hotline that were read are kept so long, days"
    )
    exports_days: float = Field(90.0, ge=1, description="that somebody ordered a file is kept so long, days")
    orders_days: float = Field(
        180.0,
        ge=7,
        description="whom an order was for, the flat and the note are kept so long after its last day, days",
    )
    visits_days: float = Field(
        1095.0, ge=30, description="words, flats and photos of the watch log are kept so long, days"
    )
    meals_days: float = Field(
        180.0, ge=30, description="who ate and where they live is kept so long after the last day, days"
    )
    mediations_days: float = Field(
        1095.0, ge=180, description="what was said in a mediation is kept so long after its outcome, days"
    )
    access_log_days: float = Field(
        730.0, ge=183, description="looks and sign-ins are kept so long; the law asks for six months, days"
    )


MapApp = Literal["amap", "baidu", "tencent"]


class BaseMapSettings(BaseModel):
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
    port: int = Field(8000, description="port to listen on")
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
    pool_size: int = Field(12, description="database connections kept")
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

    @property
    def photo_folder(self) -> Path:
        """Folder of originals and renditions."""
        return self.state / "photos"

    @property
    def export_folder(self) -> Path:
        """Folder of files that people have ordered."""
        return self.state / "exports"
