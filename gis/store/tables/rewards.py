"""Tables of rewards: the catalogue, its stock, partner shops, and what people have redeemed."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from gis.store.tables.columns import metadata, moment, tenant, to

shop = Table(  # a partner that hands rewards out
    "shop",
    metadata,
    tenant(),
    Column("shop_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),
    Column("active", Boolean, nullable=False, server_default="true"),
    moment("created_at", nullable=False),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
)
shop_keeper = Table(  # who the office has appointed to hand out there; taken away at once
    "shop_keeper",
    metadata,
    tenant(),
    Column("shop_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("appointed_by", Uuid, nullable=False),
    moment("at", nullable=False),
    to("shop", "shop_id", "shop_id", ondelete="CASCADE"),
    to("person", "person_id", "person_id", ondelete="CASCADE"),
    Index("ix_shop_keeper_person", "community_id", "person_id"),
)
reward = Table(
    "reward",
    metadata,
    tenant(),
    Column("reward_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("about", Text, nullable=False, server_default=""),
    Column("points", Integer, nullable=False),
    Column("stock", Integer, nullable=False, server_default="0"),
    Column("limit_each", SmallInteger),  # how many one person may have in each period; none: any number
    Column("limit_period", Text, nullable=False, server_default="month"),
    Column("shop_id", Uuid),  # where it is handed out; none: at the desk
    Column("first_day", Date),
    Column("last_day", Date),
    Column("active", Boolean, nullable=False, server_default="true"),
    moment("created_at", nullable=False),
    to("shop", "shop_id", "shop_id"),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    CheckConstraint("points > 0", name="points"),
    CheckConstraint("stock >= 0", name="never_below_zero"),
    CheckConstraint("limit_each > 0", name="limit_each"),
    CheckConstraint("limit_period in ('month','year','ever')", name="limit_period"),
    CheckConstraint("last_day >= first_day", name="days"),
)
reward_picture = Table(  # drawn anew from the photo that was sent
    "reward_picture",
    metadata,
    tenant(),
    Column("reward_id", Uuid, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("image", LargeBinary, nullable=False),  # JPEG
    to("reward", "reward_id", "reward_id", ondelete="CASCADE"),
    CheckConstraint("octet_length(image) <= 1000000", name="size"),
)
stock_change = Table(  # what the office put in or took out; what is redeemed stands in ``redemption``
    "stock_change",
    metadata,
    tenant(),
    Column("change_id", Uuid, primary_key=True),
    Column("reward_id", Uuid, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("by", Uuid, nullable=False),
    moment("at", nullable=False),
    to("reward", "reward_id", "reward_id"),
    to("person", "by", "person_id"),
    CheckConstraint("amount <> 0", name="amount"),
    Index("ix_stock_change_reward", "community_id", "reward_id", "at"),
)
redemption = Table(
    "redemption",
    metadata,
    tenant(),
    Column("redemption_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("reward_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("points", Integer, nullable=False),  # as the reward cost then
    Column("code", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="open"),
    moment("created_at", nullable=False),
    moment("expires_at", nullable=False),
    moment("reminded_at"),  # that its time is nearly over
    moment("handed_out_at"),
    Column("handed_out_by", Uuid),
    Column("shop_id", Uuid),  # where it was handed out; none: at the desk
    moment("ended_at"),  # cancelled, expired or refunded
    Column("ended_by", Uuid),  # none: by itself
    Column("reason", Text, nullable=False, server_default=""),
    Column("restocked", Boolean, nullable=False, server_default="false"),  # it lies in the stock again
    to("reward", "reward_id", "reward_id"),
    to("person", "person_id", "person_id"),
    to("person", "handed_out_by", "person_id"),
    to("person", "ended_by", "person_id"),
    to("shop", "shop_id", "shop_id"),
    UniqueConstraint("community_id", "code"),
    CheckConstraint("points > 0", name="points"),
    CheckConstraint("status in ('open','handed_out','cancelled','expired','refunded')", name="status"),
    CheckConstraint("(status in ('handed_out','refunded')) = (handed_out_at is not null)", name="handed_out"),
    CheckConstraint("(status in ('open','handed_out')) = (ended_at is null)", name="ended"),
    Index("ix_redemption_person", "community_id", "person_id", text("created_at desc")),
    Index("ix_redemption_reward", "community_id", "reward_id", "person_id", "created_at"),
    Index("ix_redemption_open", "expires_at", postgresql_where=text("status = 'open'")),  # of all communities
)
