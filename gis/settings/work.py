"""The office's work: where a report belongs, whether it is new, who is asked, by when."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gis.settings.group import Group

Hours = Annotated[str, Field(pattern=r"^(\d\d:\d\d-\d\d:\d\d( \d\d:\d\d-\d\d:\d\d)*)?$")]


class SnapSettings(Group):
    """When a position is taken for certain, and how far outside it may lie."""

    accept_probability: float = Field(0.8, ge=0, le=1, description="below this the place is ambiguous")
    outside_m: float = Field(
        50.0, description="positions this close outside the community are snapped and flagged"
    )
    default_accuracy_m: float = Field(10.0, description="68% radius assumed where none is stated, metres")
    choice_m: float = Field(
        150.0, description="how far off a place may be that a reporter names themselves, metres"
    )


class DuplicateSettings(Group):
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


class DispatchSettings(Group):
    """How cases are offered to responders."""

    offer_s: float = Field(
        120.0, description="how long an offer stands unless its category says otherwise, seconds"
    )
    fresh_position_s: float = Field(1800.0, description="older positions of riders are not used, seconds")
    radius_m: float = Field(1500.0, description="first search radius, straight line, metres")
    looked_at: int = Field(
        24, ge=1, description="responders on duty, the nearest, who are looked at for a case"
    )
    roster_s: float = Field(
        1.0,
        ge=0,
        description="how long who is on duty is remembered when a report is filed, seconds; 0: not at all",
    )
    candidates: int = Field(16, ge=1, description="responders whose travel time is computed for a case")
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
        3, ge=0, description="offers that may lapse before the case climbs the ladder by a level"
    )
    claim_radius_m: float = Field(
        1000.0, description="how near a rider on duty must be to claim an open case, straight line, metres"
    )
    max_hand_overs: int = Field(
        3,
        ge=0,
        description="how often colleagues may hand a case over among themselves before the desk decides",
    )


class OfficeSettings(Group):
    """Hours by which deadlines are counted where a community has set none of its own."""

    week: tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours] = Field(
        (*(5 * ("08:30-12:00 13:00-17:30",)), "", ""),
        description="hours in which an office works, Monday first; make-up days have those of the first working day",
    )
    day: Hours = Field(
        "07:00-22:00",
        min_length=1,
        description="the day: at night the deadlines of cases that are not urgent stand still",
    )
    longest_pause_days: float = Field(30.0, description="how far off the end of a pause may be, days")


class HotlineSettings(Group):
    """Calls to the 12345 hotline."""

    callback_days: float = Field(
        90.0, ge=1, description="numbers to call back are erased so long after the case has ended, days"
    )


class MusterSettings(Group):
    """How people are called together."""

    answer_s: float = Field(120.0, description="how long a wave has to answer before the next is called")
    fresh_position_s: float = Field(
        14_400.0, description="older positions are not used; longer than for offers, for nobody is bound yet"
    )


class RobotSettings(Group):
    """Where messages to group robots may go."""

    origins: tuple[str, ...] = Field(
        (), description="hosts besides the services' own, for installations of one's own: https://host[:port]"
    )
