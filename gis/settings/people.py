"""Who comes in, how much they may ask for, and how long what is known of people is kept."""

from __future__ import annotations

from pydantic import Field

from gis.settings.group import Group


class SignInSettings(Group):
    """How long a session lasts and how many attempts are allowed."""

    session_hours: float = Field(12.0, gt=0, description="life of a browser session, hours")
    token_days: float = Field(30.0, gt=0, description="life of a program's bearer token, days")
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


class RateSettings(Group):
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


class IdentitySettings(Group):
    """Keys that seal what is written of people."""

    keys: tuple[str, ...] = Field(
        (),
        repr=False,
        description='random 32 bytes in base64, the newest first, as ["..."]; none: identity.keys in the state folder',
    )


class ResidentSettings(Group):
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


class RetentionSettings(Group):
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
