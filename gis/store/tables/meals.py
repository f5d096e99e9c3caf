"""Tables of the kitchen (妈妈厨房): menus, prices, who eats when, servings of each day, rounds of deliverers, who cooks."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Time,
    Uuid,
    text,
)

from gis.store.tables.columns import geometry, metadata, moment, tenant, to

kitchen = Table(  # one for each community that cooks
    "kitchen",
    metadata,
    tenant(),
    Column("name", Text, nullable=False),
    Column("building_id", Uuid, nullable=False),
    geometry("POINT"),
    Column("cut_off", Time, nullable=False),  # by the community's clock: until then a day may be changed
    Column("cut_off_days", SmallInteger, nullable=False),  # so many days before
    Column("serves_from", Time, nullable=False),
    Column("serves_to", Time, nullable=False),
    Column("weekdays", ARRAY(SmallInteger), nullable=False),  # 1 is Monday
    Column("closed_days", ARRAY(Date), nullable=False, server_default="{}"),
    Column("most_stops", SmallInteger, nullable=False),  # of one round
    Column("most_servings", SmallInteger, nullable=False),
    Column("urgent_age", SmallInteger, nullable=False),  # who is so old is looked after at once
    Column("closed_until", Date),  # up to this day servings are made
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    to("building", "building_id", "building_id"),
    CheckConstraint("serves_to > serves_from", name="serves"),
    CheckConstraint("cut_off_days between 0 and 7", name="cut_off_days"),
    CheckConstraint("most_stops > 0 and most_servings > 0", name="round"),
)
menu_week = Table(
    "menu_week",
    metadata,
    tenant(),
    Column("monday", Date, primary_key=True),
    Column("revision", Integer, nullable=False, server_default="1"),
    moment("published_at"),  # empty: only the kitchen sees it
    Column("changed_by", Uuid),
    moment("changed_at", nullable=False),
    to("person", "changed_by", "person_id"),
    CheckConstraint("extract(isodow from monday) = 1", name="monday"),
)
menu_dish = Table(
    "menu_dish",
    metadata,
    tenant(),
    Column("day", Date, primary_key=True),
    Column("place", SmallInteger, primary_key=True),
    Column("monday", Date, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("allergens", ARRAY(Text), nullable=False, server_default="{}"),
    to("menu_week", "monday", "monday"),
    CheckConstraint("day between monday and monday + 6", name="week"),
)
meal_rule = Table(  # what a serving costs at an age; ended by its last day, never edited
    "meal_rule",
    metadata,
    tenant(),
    Column("rule_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("from_age", SmallInteger, nullable=False),
    Column("price_fen", Integer, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date),
    Column("window_from", Time),  # their own hours at the counter
    Column("window_to", Time),
    Column("created_by", Uuid),
    moment("created_at", nullable=False),
    to("person", "created_by", "person_id"),
    CheckConstraint("from_age between 0 and 130", name="age"),
    CheckConstraint("price_fen between 0 and 100000", name="price"),
    CheckConstraint("last_day is null or last_day >= first_day - 1", name="days"),
    CheckConstraint("(window_from is null) = (window_to is null)", name="window"),
    Index("ix_meal_rule_age", "community_id", "from_age", "first_day"),
)
meal_subscription = Table(
    "meal_subscription",
    metadata,
    tenant(),
    Column("subscription_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("person_id", Uuid),  # whose account it belongs to
    Column("resident_id", Uuid),  # whose record it belongs to
    Column("contact", LargeBinary),  # sealed: name, telephone, unit, floor, flat, the door; none: erased
    Column("diet", LargeBinary),  # sealed: what they may not eat; for the kitchen
    Column("birth_year", SmallInteger),  # for the price
    Column("building_id", Uuid),
    geometry("POINT", nullable=True),  # the door it is brought to
    Column("micro_grid_code", Text),
    Column("servings", SmallInteger, nullable=False),
    Column("weekdays", ARRAY(SmallInteger), nullable=False),
    Column("way", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date),
    Column("source", Text, nullable=False),
    Column("consent_version", Text),
    moment("consent_at"),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("created_by", Uuid),
    moment("created_at", nullable=False),
    moment("erased_at"),
    to("person", "person_id", "person_id"),
    to("resident", "resident_id", "resident_id"),
    to("building", "building_id", "building_id"),
    to("person", "created_by", "person_id"),
    CheckConstraint("way in ('collect','deliver')", name="way"),
    CheckConstraint("way = 'collect' or geom is not null", name="place"),
    CheckConstraint("servings between 1 and 20", name="servings"),
    CheckConstraint("source in ('self','desk','phone')", name="source"),
    CheckConstraint("last_day is null or last_day >= first_day - 1", name="days"),
    CheckConstraint("diet is null or consent_version is not null", name="consent"),
    CheckConstraint(
        "(erased_at is null) = (contact is not null) and (erased_at is null or (diet is null and birth_year is null"
        " and building_id is null and geom is null and person_id is null and resident_id is null))",
        name="erased",
    ),
    Index("ix_meal_subscription_days", "community_id", "last_day", "first_day"),
    Index("ix_meal_subscription_person", "community_id", "person_id"),
    Index("ix_meal_subscription_resident", "community_id", "resident_id"),
)
meal_pause = Table(
    "meal_pause",
    metadata,
    tenant(),
    Column("pause_id", Uuid, primary_key=True),
    Column("subscription_id", Uuid, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("created_by", Uuid),
    moment("created_at", nullable=False),
    to("meal_subscription", "subscription_id", "subscription_id"),
    to("person", "created_by", "person_id"),
    CheckConstraint("last_day >= first_day", name="days"),
    Index("ix_meal_pause_subscription", "community_id", "subscription_id", "last_day"),
)
meal_round = Table(  # one case: one person brings all of its boxes
    "meal_round",
    metadata,
    tenant(),
    Column("round_id", Uuid, primary_key=True),
    Column("day", Date, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("case_id", Uuid),
    Column("stops", SmallInteger, nullable=False),
    Column("servings", Integer, nullable=False),
    Column("travel_s", Float, nullable=False),
    Column("distance_m", Float, nullable=False),
    Column("created_by", Uuid),
    moment("created_at", nullable=False),
    to("case", "case_id", "case_id"),
    to("person", "created_by", "person_id"),
    Index("uq_meal_round_number", "community_id", "day", "number", unique=True),
    Index(
        "uq_meal_round_case",
        "community_id",
        "case_id",
        unique=True,
        postgresql_where=text("case_id is not null"),
    ),
)
meal_serving = Table(  # what one subscription gets on one day, with the price as it was
    "meal_serving",
    metadata,
    tenant(),
    Column("day", Date, primary_key=True),
    Column("subscription_id", Uuid, primary_key=True),
    Column("box", SmallInteger, nullable=False),  # the number on it: no name
    Column("servings", SmallInteger, nullable=False),
    Column("way", Text, nullable=False),
    Column("special", Boolean, nullable=False),  # cooked by a note
    Column("price_fen", Integer, nullable=False),  # of one
    Column("rule_id", Uuid),
    Column("state", Text, nullable=False, server_default="ordered"),
    moment("at"),
    Column("by", Uuid),
    Column("round_id", Uuid),
    Column("stop", SmallInteger),
    Column("case_id", Uuid),  # the look after who did not open
    to("meal_subscription", "subscription_id", "subscription_id"),
    to("meal_rule", "rule_id", "rule_id"),
    to("meal_round", "round_id", "round_id"),
    to("person", "by", "person_id"),
    to("case", "case_id", "case_id"),
    CheckConstraint("way in ('collect','deliver')", name="way"),
    CheckConstraint("state in ('ordered','collected','delivered','not_home','cancelled')", name="state"),
    CheckConstraint("servings > 0 and price_fen >= 0", name="amount"),
    CheckConstraint("(round_id is null) = (stop is null)", name="stop"),
    Index("ix_meal_serving_subscription", "community_id", "subscription_id", "day"),
    Index(
        "ix_meal_serving_round",
        "community_id",
        "round_id",
        "stop",
        postgresql_where=text("round_id is not null"),
    ),
    Index("ix_meal_serving_case", "community_id", "case_id", postgresql_where=text("case_id is not null")),
)
meal_crew = Table(  # who works in the kitchen on a day: that is what opens its list to them
    "meal_crew",
    metadata,
    tenant(),
    Column("day", Date, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("job", Text, nullable=False),
    Column("hours", Float),  # once they are booked
    Column("service_id", Uuid),
    Column("created_by", Uuid),
    moment("created_at", nullable=False),
    to("person", "person_id", "person_id", ondelete="CASCADE"),
    to("person", "created_by", "person_id"),
    to("service", "service_id", "service_id"),
    CheckConstraint("job in ('cook','pack','serve')", name="job"),
    Index("ix_meal_crew_person", "community_id", "person_id", "day"),
)
