"""All tables, a page a theme.

``community_id`` leads every primary, foreign and unique key, so that the data can be spread over machines by
community; only ``category`` is shared by all. Geometry is EPSG:4326. There are no triggers; states change by
conditional updates, and ``event``, ``ledger`` and ``access`` are only ever appended to.
"""

from gis.store.tables.audit import audit_head, audit_link, audit_note, audit_waiting
from gis.store.tables.boundaries import area_draft, area_draft_cell, area_draft_edit
from gis.store.tables.calendars import calendar_day, office_hours, pause
from gis.store.tables.cases import case, category, dispatch, event, offer, photo, report
from gis.store.tables.columns import case_number, metadata
from gis.store.tables.desk import desk_note, desk_shift, saved_filter
from gis.store.tables.duty import duty_exception, duty_shift
from gis.store.tables.gifts import gift_age
from gis.store.tables.hotline import hotline_columns, hotline_import, hotline_order
from gis.store.tables.indicators import indicator_case, indicator_day, indicator_state
from gis.store.tables.interfaces import api_key, export
from gis.store.tables.meals import (
    kitchen,
    meal_crew,
    meal_pause,
    meal_round,
    meal_rule,
    meal_serving,
    meal_subscription,
    menu_dish,
    menu_week,
)
from gis.store.tables.mediation import mediation, mediation_follow_up, mediation_party, mediation_session
from gis.store.tables.missing import missing_person, missing_street
from gis.store.tables.musters import muster, muster_call, muster_event
from gis.store.tables.notices import delivery, notice, robot
from gis.store.tables.office import category_rule, change, logo, sign_in_code
from gis.store.tables.orders import order_seat, service_order
from gis.store.tables.people import agency, patrol, person, person_area, responder, session, signing_key
from gis.store.tables.photos import subject_photo
from gis.store.tables.places import (
    area,
    area_version,
    building,
    community,
    feature,
    gate,
    stairwell,
    station,
    street_segment,
)
from gis.store.tables.planning import repair_plan, repair_rate
from gis.store.tables.points import (
    access,
    account,
    cause,
    expiry_run,
    ledger,
    point_rate,
    point_rule,
    service,
    star_consent,
)
from gis.store.tables.ratings import rating
from gis.store.tables.referrals import hand_over, referral
from gis.store.tables.residents import (
    care_flag,
    erasure,
    household,
    resident,
    resident_change,
    resident_consent,
    resident_suggestion,
)
from gis.store.tables.retention import retention_rule
from gis.store.tables.rewards import redemption, reward, reward_picture, shop, shop_keeper, stock_change
from gis.store.tables.stations import (
    station_care,
    station_count,
    station_fault,
    station_item,
    station_keeper,
)
from gis.store.tables.teams import (
    activity,
    activity_place,
    certificate,
    handbook_article,
    team,
    team_member,
)
from gis.store.tables.visits import (
    campaign,
    checklist,
    checklist_item,
    finding,
    round_stop,
    visit,
    visit_round,
)

__all__ = [
    "access",
    "account",
    "activity",
    "activity_place",
    "agency",
    "api_key",
    "area",
    "area_draft",
    "area_draft_cell",
    "area_draft_edit",
    "area_version",
    "audit_head",
    "audit_link",
    "audit_note",
    "audit_waiting",
    "building",
    "calendar_day",
    "campaign",
    "care_flag",
    "case",
    "case_number",
    "category",
    "category_rule",
    "cause",
    "certificate",
    "change",
    "checklist",
    "checklist_item",
    "community",
    "delivery",
    "desk_note",
    "desk_shift",
    "dispatch",
    "duty_exception",
    "duty_shift",
    "erasure",
    "event",
    "expiry_run",
    "export",
    "feature",
    "finding",
    "gate",
    "gift_age",
    "hand_over",
    "handbook_article",
    "hotline_columns",
    "hotline_import",
    "hotline_order",
    "household",
    "indicator_case",
    "indicator_day",
    "indicator_state",
    "kitchen",
    "ledger",
    "logo",
    "meal_crew",
    "meal_pause",
    "meal_round",
    "meal_rule",
    "meal_serving",
    "meal_subscription",
    "mediation",
    "mediation_follow_up",
    "mediation_party",
    "mediation_session",
    "menu_dish",
    "menu_week",
    "metadata",
    "missing_person",
    "missing_street",
    "muster",
    "muster_call",
    "muster_event",
    "notice",
    "offer",
    "office_hours",
    "order_seat",
    "patrol",
    "pause",
    "person",
    "person_area",
    "photo",
    "point_rate",
    "point_rule",
    "rating",
    "redemption",
    "referral",
    "repair_plan",
    "repair_rate",
    "report",
    "resident",
    "resident_change",
    "resident_consent",
    "resident_suggestion",
    "responder",
    "retention_rule",
    "reward",
    "reward_picture",
    "robot",
    "round_stop",
    "saved_filter",
    "service",
    "service_order",
    "session",
    "shop",
    "shop_keeper",
    "sign_in_code",
    "signing_key",
    "stairwell",
    "star_consent",
    "station",
    "station_care",
    "station_count",
    "station_fault",
    "station_item",
    "station_keeper",
    "stock_change",
    "street_segment",
    "subject_photo",
    "team",
    "team_member",
    "visit",
    "visit_round",
]
