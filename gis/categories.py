"""The categories of cases: reference data, the same for every community, stored at each upgrade of the database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 24 * HOUR_S


class Family(StrEnum):
    """What kind of work a category is."""

    HAZARD = "hazard"
    CARE = "care"
    DISPUTE = "dispute"
    SERVICE = "service"


class Counting(StrEnum):
    """By which clock a category's deadlines are counted."""

    WALL = "wall"
    """Day and night."""
    DAY = "day"
    """The day, every day: what comes in at night begins in the morning."""
    WORKING = "working"
    """The hours in which the office works: no nights, weekends and public holidays."""


@dataclass(frozen=True, slots=True)
class Category:
    """One category of cases (类别).

    Parameters
    ----------
    code
        English snake_case; what programs send.
    name, name_en
        What people read.
    family
        Hazards need an after-photo to be done.
    urgent
        Urgent cases are offered first and on the wall clock.
    severity
        1 (a nuisance) to 5 (life is in danger); the weight on heatmaps.
    offer_s
        How long one offer stands, seconds.
    answer_s, resolve_s
        Until when somebody has answered and when it is settled, seconds of its clock after opening.
    radius_m
        How near an open case of the category may be the same, metres.
    agency_code
        Who it is referred to unless another agency is named.
    skills
        Any of these helps: who has one is preferred by some seconds.
    skill_required
        Only who has one of the skills is asked; without them it goes to the grid worker and the desk.
    on_site_s
        Until when somebody is on site, seconds of its clock after acceptance.
    counting
        Its clock; urgent categories have the one on the wall.
    """

    code: str
    name: str
    name_en: str
    family: Family
    urgent: bool
    severity: int
    offer_s: int
    answer_s: int
    resolve_s: int
    radius_m: int
    agency_code: str | None
    skills: tuple[str, ...] = ()
    skill_required: bool = False
    on_site_s: int = HOUR_S
    counting: Counting = Counting.DAY


SKILLS = (
    "first_aid",
    "mediation",
    "electrical",
    "plumbing",
    "fire",
    "elderly_care",
    "heavy_lifting",
    "medicine_delivery",
)
"""What responders may know (技能)."""
# A first responder looks, secures and tells; repair is the agency's. So a skill is mostly a preference. Two kinds of work
# are made worse by somebody untrained: gas (the bell that is rung is the spark), and quarrels.
_INSISTED_ON = frozenset({"gas_smell", "dispute"})
_SKILLS: dict[str, tuple[str, ...]] = {
    "street_lamp": ("electrical",),
    "water_leak": ("plumbing",),
    "sewer": ("plumbing",),
    "power_cut": ("electrical",),
    "gas_smell": ("fire",),
    "fire_equipment": ("fire",),
    "rubbish": ("heavy_lifting",),
    "blocked_exit": ("fire", "heavy_lifting"),
    "tree": ("heavy_lifting",),
    "elevator": ("electrical", "first_aid"),
    "elderly_care": ("elderly_care", "first_aid"),
    "missing_person": ("first_aid", "elderly_care"),
    "dispute": ("mediation",),
    "noise": ("mediation",),
    "meal_delivery": ("elderly_care", "medicine_delivery"),
    "company_clinic": ("elderly_care", "first_aid"),
    "shopping": ("elderly_care", "medicine_delivery"),
    "furniture": ("heavy_lifting",),
    "lamp_change": ("electrical",),
    "patrol_route": ("fire", "first_aid"),
}


def _category(  # noqa: PLR0917 - one row of the table below
    code: str,
    name: str,
    name_en: str,
    family: Family,
    severity: int,
    answer_min: int,
    on_site_min: int,
    resolve_h: float,
    radius_m: int,
    agency_code: str | None = None,
    /,
    *,
    urgent: bool = False,
    working: bool = False,
) -> Category:
    offer_s = MINUTE_S if urgent else 2 * MINUTE_S
    return Category(
        code,
        name,
        name_en,
        family,
        urgent,
        severity,
        offer_s,
        answer_min * MINUTE_S,
        int(resolve_h * HOUR_S),
        radius_m,
        agency_code,
        skills=_SKILLS.get(code, ()),
        skill_required=code in _INSISTED_ON,
        on_site_s=on_site_min * MINUTE_S,
        counting=Counting.WALL if urgent else Counting.WORKING if working else Counting.DAY,
    )


# The pilots' own figures where they state them: a power cut answered in 15 min and supplied in 3 h, a burst pipe shut
# in 10 min, a collapsed sewer 2 days, a road collapse 2 h, a street lamp by the next morning. Minutes until the answer
# and from acceptance until somebody is on site, hours until it is settled, each by the category's clock: of the day's
# clock 15 hours are "by this time tomorrow", of the office's 8 are a working day.
CATEGORIES: tuple[Category, ...] = (
    _category("road_damage", "道路破损塌陷", "Road damage", Family.HAZARD, 3, 15, 60, 15, 25, "roads"),
    _category("street_lamp", "路灯不亮", "Street lamp out", Family.HAZARD, 2, 60, 240, 15, 15, "power"),
    _category("water_leak", "跑水漏水", "Water leak", Family.HAZARD, 4, 10, 20, 4, 40, "water", urgent=True),
    _category("sewer", "下水堵塞", "Sewer blocked", Family.HAZARD, 3, 30, 90, 30, 30, "water"),
    _category("power_cut", "停电断电", "Power cut", Family.HAZARD, 4, 15, 30, 3, 60, "power", urgent=True),
    _category("gas_smell", "燃气异味", "Smell of gas", Family.HAZARD, 5, 5, 10, 2, 60, "fire", urgent=True),
    _category("fire_equipment", "消防设施损坏", "Fire equipment", Family.HAZARD, 4, 30, 120, 15, 20, "fire"),
    _category("rubbish", "垃圾堆积", "Rubbish", Family.HAZARD, 1, 120, 240, 15, 20, "sanitation"),
    _category("blocked_exit", "楼道通道堵塞", "Blocked exit", Family.HAZARD, 4, 30, 60, 8, 15, "property"),
    _category("illegal_parking", "违章停车", "Illegal parking", Family.HAZARD, 2, 30, 45, 8, 15, "property"),
    _category(
        "tree", "树木倾倒断枝", "Fallen tree or branch", Family.HAZARD, 3, 30, 60, 15, 20, "sanitation"
    ),
    _category(
        "manhole", "井盖缺失破损", "Manhole cover", Family.HAZARD, 4, 15, 25, 6, 10, "roads", urgent=True
    ),
    _category(
        "elevator", "电梯故障", "Elevator fault", Family.HAZARD, 4, 10, 20, 4, 20, "property", urgent=True
    ),
    _category("elderly_care", "老人帮扶", "Care for the elderly", Family.CARE, 2, 30, 60, 8, 10),
    _category("missing_person", "人员走失", "Missing person", Family.CARE, 5, 5, 15, 12, 200, urgent=True),
    _category("dispute", "矛盾纠纷", "Dispute", Family.DISPUTE, 2, 60, 240, 24, 15, working=True),
    _category("noise", "噪声扰民", "Noise", Family.DISPUTE, 1, 60, 90, 15, 30),
    _category("meal_delivery", "助餐送餐", "Meal delivery", Family.SERVICE, 1, 15, 60, 2, 5),
    _category("company_clinic", "陪诊", "Company to the clinic", Family.SERVICE, 1, 120, 60, 4, 5),
    _category("shopping", "代购", "Shopping", Family.SERVICE, 1, 120, 60, 4, 5),
    _category("furniture", "搬抬家具", "Moving furniture", Family.SERVICE, 1, 120, 60, 4, 5),
    _category("lamp_change", "换灯泡", "Changing a lamp", Family.SERVICE, 1, 120, 60, 4, 5),
    _category("patrol_route", "巡逻", "Patrol of a route", Family.SERVICE, 1, 60, 60, 4, 5),
    _category("other", "其他", "Other", Family.SERVICE, 1, 120, 480, 24, 10, working=True),
)
