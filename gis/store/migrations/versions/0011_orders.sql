-- Micro-tasks that are ordered, with their seats; a case may have a window.

ALTER TABLE "case" ADD COLUMN starts_at TIMESTAMP WITH TIME ZONE, ADD COLUMN ends_at TIMESTAMP WITH TIME ZONE;

CREATE TABLE service_order (
    community_id TEXT NOT NULL,
    order_id UUID NOT NULL,
    category TEXT NOT NULL,
    summary TEXT DEFAULT '' NOT NULL,
    geom geometry(POINT,4326) NOT NULL,
    position_source TEXT NOT NULL,
    building_id UUID,
    place JSONB NOT NULL,
    place_text TEXT DEFAULT '' NOT NULL,
    grid_code TEXT,
    floor TEXT DEFAULT '' NOT NULL,
    flat TEXT DEFAULT '' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    for_name TEXT DEFAULT '' NOT NULL,
    consent_by TEXT DEFAULT '' NOT NULL,
    consent_version TEXT,
    consent_at TIMESTAMP WITH TIME ZONE,
    seats SMALLINT NOT NULL,
    lead_s INTEGER NOT NULL,
    repeat TEXT NOT NULL,
    weekdays SMALLINT[] DEFAULT '{}' NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    starts TIME WITHOUT TIME ZONE NOT NULL,
    ends TIME WITHOUT TIME ZONE NOT NULL,
    later_days SMALLINT DEFAULT '0' NOT NULL,
    last_end_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    planned_until DATE,
    next_at TIMESTAMP WITH TIME ZONE,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    cancelled_by UUID,
    reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_service_order PRIMARY KEY (community_id, order_id),
    CONSTRAINT fk_service_order_community_id_building_id FOREIGN KEY(community_id, building_id) REFERENCES building (community_id, building_id),
    CONSTRAINT fk_service_order_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_service_order_community_id_cancelled_by FOREIGN KEY(community_id, cancelled_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_service_order_repeat CHECK (repeat in ('once','daily','weekly')),
    CONSTRAINT ck_service_order_seats CHECK (seats > 0),
    CONSTRAINT ck_service_order_consent CHECK (for_name = '' or consent_version is not null),
    CONSTRAINT fk_service_order_category FOREIGN KEY(category) REFERENCES category (code)
);

CREATE INDEX ix_service_order_created ON service_order (community_id, created_at desc, order_id);

CREATE INDEX ix_service_order_creator ON service_order (community_id, created_by, created_at desc);

CREATE INDEX ix_service_order_next ON service_order (next_at) WHERE next_at is not null;

CREATE TABLE order_seat (
    community_id TEXT NOT NULL,
    order_id UUID NOT NULL,
    day DATE NOT NULL,
    seat SMALLINT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT DEFAULT 'planned' NOT NULL,
    case_id UUID,
    reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_order_seat PRIMARY KEY (community_id, order_id, day, seat),
    CONSTRAINT fk_order_seat_community_id_order_id FOREIGN KEY(community_id, order_id) REFERENCES service_order (community_id, order_id),
    CONSTRAINT fk_order_seat_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT ck_order_seat_state CHECK (state in ('planned','opened','cancelled','missed'))
);

CREATE INDEX ix_order_seat_starts ON order_seat (community_id, starts_at);

CREATE UNIQUE INDEX uq_order_seat_case ON order_seat (community_id, case_id) WHERE case_id is not null;
