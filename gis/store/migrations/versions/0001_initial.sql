-- Every table of the first version, written out: later migrations start from exactly this.

CREATE SEQUENCE case_number;

CREATE TABLE access (
    community_id TEXT NOT NULL,
    access_id BIGINT GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    person_id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    CONSTRAINT pk_access PRIMARY KEY (community_id, access_id)
);

CREATE INDEX ix_access_subject ON access (community_id, kind, subject_id);

CREATE TABLE agency (
    community_id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_agency PRIMARY KEY (community_id, code)
);

CREATE TABLE area_version (
    community_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    published_by UUID,
    note TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_area_version PRIMARY KEY (community_id, version)
);

CREATE TABLE building (
    community_id TEXT NOT NULL,
    building_id UUID NOT NULL,
    source_ref TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    street TEXT DEFAULT '' NOT NULL,
    housenumber TEXT DEFAULT '' NOT NULL,
    kind TEXT DEFAULT 'yes' NOT NULL,
    levels INTEGER,
    flats INTEGER,
    geom geometry(POLYGON,4326) NOT NULL,
    CONSTRAINT pk_building PRIMARY KEY (community_id, building_id)
);

CREATE INDEX ix_building_geom ON building USING gist (community_id, geom);

CREATE TABLE category (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    family TEXT NOT NULL,
    urgent BOOLEAN DEFAULT 'false' NOT NULL,
    severity SMALLINT DEFAULT '1' NOT NULL,
    offer_s INTEGER DEFAULT '120' NOT NULL,
    answer_s INTEGER NOT NULL,
    resolve_s INTEGER NOT NULL,
    radius_m INTEGER DEFAULT '30' NOT NULL,
    agency_code TEXT,
    sort SMALLINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_category PRIMARY KEY (code)
);

CREATE TABLE community (
    community_id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    metric_srid INTEGER NOT NULL,
    timezone TEXT DEFAULT 'Asia/Shanghai' NOT NULL,
    area_version INTEGER NOT NULL,
    network_version INTEGER DEFAULT '1' NOT NULL,
    demo BOOLEAN DEFAULT 'false' NOT NULL,
    settings JSONB DEFAULT '{}' NOT NULL,
    geom geometry(MULTIPOLYGON,4326) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_community PRIMARY KEY (community_id)
);

CREATE TABLE feature (
    community_id TEXT NOT NULL,
    feature_id UUID NOT NULL,
    kind TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    geom geometry(GEOMETRY,4326) NOT NULL,
    CONSTRAINT pk_feature PRIMARY KEY (community_id, feature_id)
);

CREATE INDEX ix_feature_geom ON feature USING gist (community_id, geom);

CREATE TABLE gate (
    community_id TEXT NOT NULL,
    node_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    walk BOOLEAN NOT NULL,
    e_bike BOOLEAN NOT NULL,
    car BOOLEAN NOT NULL,
    geom geometry(POINT,4326) NOT NULL,
    CONSTRAINT pk_gate PRIMARY KEY (community_id, node_id)
);

CREATE TABLE station (
    community_id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    amenities TEXT[] DEFAULT '{}' NOT NULL,
    opening_hours TEXT DEFAULT '' NOT NULL,
    geom geometry(POINT,4326) NOT NULL,
    CONSTRAINT pk_station PRIMARY KEY (community_id, code)
);

CREATE TABLE street_segment (
    community_id TEXT NOT NULL,
    segment_id UUID NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    kind TEXT NOT NULL,
    from_node BIGINT NOT NULL,
    to_node BIGINT NOT NULL,
    length_m FLOAT NOT NULL,
    walk SMALLINT NOT NULL,
    e_bike SMALLINT NOT NULL,
    car SMALLINT NOT NULL,
    geom geometry(LINESTRING,4326) NOT NULL,
    CONSTRAINT pk_street_segment PRIMARY KEY (community_id, segment_id)
);

CREATE INDEX ix_street_segment_geom ON street_segment USING gist (community_id, geom);

CREATE TABLE area (
    community_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    area_id UUID NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    parent_code TEXT,
    households INTEGER,
    attributes JSONB DEFAULT '{}' NOT NULL,
    geom geometry(MULTIPOLYGON,4326) NOT NULL,
    CONSTRAINT pk_area PRIMARY KEY (community_id, version, level, code),
    CONSTRAINT fk_area_community_id_version FOREIGN KEY(community_id, version) REFERENCES area_version (community_id, version),
    CONSTRAINT uq_area_community_id_area_id UNIQUE (community_id, area_id),
    CONSTRAINT ck_area_level CHECK (level in ('community','grid','micro_grid','courtyard'))
);

CREATE INDEX ix_area_geom ON area USING gist (community_id, geom);

CREATE TABLE person (
    community_id TEXT NOT NULL,
    person_id UUID NOT NULL,
    username TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT DEFAULT 'zh' NOT NULL,
    agency_code TEXT,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    demo BOOLEAN DEFAULT 'false' NOT NULL,
    failed_sign_ins INTEGER DEFAULT '0' NOT NULL,
    wait_until TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (community_id, person_id),
    CONSTRAINT uq_person_community_id_username UNIQUE (community_id, username),
    CONSTRAINT fk_person_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT fk_person_community_id_agency_code FOREIGN KEY(community_id, agency_code) REFERENCES agency (community_id, code)
);

CREATE INDEX ix_person_username ON person (username);

CREATE TABLE signing_key (
    community_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    number INTEGER NOT NULL,
    key BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_signing_key PRIMARY KEY (community_id, purpose, number),
    CONSTRAINT fk_signing_key_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT ck_signing_key_length CHECK (octet_length(key) between 16 and 64)
);

CREATE TABLE stairwell (
    community_id TEXT NOT NULL,
    stairwell_id UUID NOT NULL,
    building_id UUID NOT NULL,
    unit TEXT DEFAULT '' NOT NULL,
    flats INTEGER,
    geom geometry(POINT,4326) NOT NULL,
    CONSTRAINT pk_stairwell PRIMARY KEY (community_id, stairwell_id),
    CONSTRAINT fk_stairwell_community_id_building_id FOREIGN KEY(community_id, building_id) REFERENCES building (community_id, building_id) ON DELETE CASCADE
);

CREATE TABLE account (
    community_id TEXT NOT NULL,
    account_id UUID NOT NULL,
    kind TEXT NOT NULL,
    person_id UUID,
    CONSTRAINT pk_account PRIMARY KEY (community_id, account_id),
    CONSTRAINT fk_account_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_account_kind CHECK (kind in ('person','issuer','reward','reversal'))
);

CREATE TABLE "case" (
    community_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    number BIGINT DEFAULT nextval('case_number') NOT NULL,
    category TEXT NOT NULL,
    status TEXT NOT NULL,
    urgent BOOLEAN DEFAULT 'false' NOT NULL,
    escalation SMALLINT DEFAULT '0' NOT NULL,
    summary TEXT DEFAULT '' NOT NULL,
    place JSONB NOT NULL,
    area_version INTEGER NOT NULL,
    grid_code TEXT,
    micro_grid_code TEXT,
    building_id UUID,
    segment_id UUID,
    geom geometry(POINT,4326) NOT NULL,
    reporter_id UUID,
    assignee_id UUID,
    agency_code TEXT,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    accepted_at TIMESTAMP WITH TIME ZONE,
    arrived_at TIMESTAMP WITH TIME ZONE,
    done_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    answer_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    resolve_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reopened SMALLINT DEFAULT '0' NOT NULL,
    recurrence_of UUID,
    merged_into UUID,
    revision INTEGER DEFAULT '1' NOT NULL,
    CONSTRAINT pk_case PRIMARY KEY (community_id, case_id),
    CONSTRAINT uq_case_community_id_number UNIQUE (community_id, number),
    CONSTRAINT fk_case_community_id_area_version FOREIGN KEY(community_id, area_version) REFERENCES area_version (community_id, version),
    CONSTRAINT fk_case_community_id_building_id FOREIGN KEY(community_id, building_id) REFERENCES building (community_id, building_id),
    CONSTRAINT fk_case_community_id_segment_id FOREIGN KEY(community_id, segment_id) REFERENCES street_segment (community_id, segment_id),
    CONSTRAINT fk_case_community_id_reporter_id FOREIGN KEY(community_id, reporter_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_case_community_id_assignee_id FOREIGN KEY(community_id, assignee_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_case_community_id_agency_code FOREIGN KEY(community_id, agency_code) REFERENCES agency (community_id, code),
    CONSTRAINT fk_case_community_id_recurrence_of FOREIGN KEY(community_id, recurrence_of) REFERENCES "case" (community_id, case_id),
    CONSTRAINT fk_case_community_id_merged_into FOREIGN KEY(community_id, merged_into) REFERENCES "case" (community_id, case_id),
    CONSTRAINT ck_case_status CHECK (status in ('open','offered','accepted','on_site','referred','done','closed','rejected','cancelled')),
    CONSTRAINT fk_case_category FOREIGN KEY(category) REFERENCES category (code)
);

CREATE INDEX ix_case_assignee ON "case" (community_id, assignee_id);

CREATE INDEX ix_case_geom ON "case" USING gist (community_id, geom);

CREATE INDEX ix_case_grid ON "case" (community_id, grid_code, opened_at desc);

CREATE INDEX ix_case_live ON "case" (community_id, status) WHERE status not in ('closed','rejected','cancelled');

CREATE INDEX ix_case_merged ON "case" (community_id, merged_into) WHERE merged_into is not null;

CREATE INDEX ix_case_opened ON "case" (community_id, opened_at desc, case_id);

CREATE INDEX ix_case_recurrence ON "case" (community_id, recurrence_of) WHERE recurrence_of is not null;

CREATE TABLE patrol (
    community_id TEXT NOT NULL,
    patrol_id UUID NOT NULL,
    person_id UUID NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    segment_ids UUID[] DEFAULT '{}' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_patrol PRIMARY KEY (community_id, patrol_id),
    CONSTRAINT fk_patrol_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_patrol_order CHECK (ended_at > started_at)
);

CREATE INDEX ix_patrol_person ON patrol (community_id, person_id, started_at);

CREATE TABLE person_area (
    community_id TEXT NOT NULL,
    person_id UUID NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    CONSTRAINT pk_person_area PRIMARY KEY (community_id, person_id, level, code),
    CONSTRAINT fk_person_area_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id) ON DELETE CASCADE
);

CREATE INDEX ix_person_area_code ON person_area (community_id, level, code);

CREATE TABLE responder (
    community_id TEXT NOT NULL,
    person_id UUID NOT NULL,
    mode TEXT DEFAULT 'walk' NOT NULL,
    capacity SMALLINT DEFAULT '2' NOT NULL,
    live_load SMALLINT DEFAULT '0' NOT NULL,
    skills TEXT[] DEFAULT '{}' NOT NULL,
    on_duty BOOLEAN DEFAULT 'false' NOT NULL,
    duty_since TIMESTAMP WITH TIME ZONE,
    geom geometry(POINT,4326),
    accuracy_m FLOAT,
    position_at TIMESTAMP WITH TIME ZONE,
    home geometry(POINT,4326),
    CONSTRAINT pk_responder PRIMARY KEY (community_id, person_id),
    CONSTRAINT fk_responder_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id) ON DELETE CASCADE,
    CONSTRAINT ck_responder_capacity CHECK (live_load between 0 and capacity),
    CONSTRAINT ck_responder_no_position_off_duty CHECK (on_duty or geom is null)
);

CREATE INDEX ix_responder_on_duty ON responder (community_id) WHERE on_duty;

CREATE TABLE session (
    community_id TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    person_id UUID NOT NULL,
    csrf TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_session PRIMARY KEY (community_id, token_hash),
    CONSTRAINT fk_session_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id) ON DELETE CASCADE
);

CREATE INDEX ix_session_person ON session (community_id, person_id);

CREATE TABLE dispatch (
    community_id TEXT NOT NULL,
    dispatch_id UUID NOT NULL,
    case_id UUID NOT NULL,
    offer_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    explanation JSONB NOT NULL,
    CONSTRAINT pk_dispatch PRIMARY KEY (community_id, dispatch_id),
    CONSTRAINT fk_dispatch_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id)
);

CREATE INDEX ix_dispatch_case ON dispatch (community_id, case_id, at);

CREATE TABLE event (
    community_id TEXT NOT NULL,
    event_id BIGINT GENERATED ALWAYS AS IDENTITY,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    case_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_id UUID,
    verb TEXT NOT NULL,
    from_status TEXT,
    to_status TEXT,
    reason TEXT DEFAULT '' NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (community_id, event_id),
    CONSTRAINT fk_event_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id)
);

CREATE INDEX ix_event_case ON event (community_id, case_id, event_id);

CREATE INDEX ix_event_stream ON event (transaction_id, event_id);

CREATE TABLE offer (
    community_id TEXT NOT NULL,
    offer_id UUID NOT NULL,
    case_id UUID NOT NULL,
    responder_id UUID NOT NULL,
    status TEXT NOT NULL,
    travel_s FLOAT NOT NULL,
    distance_m FLOAT NOT NULL,
    offered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_offer PRIMARY KEY (community_id, offer_id),
    CONSTRAINT fk_offer_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT fk_offer_community_id_responder_id FOREIGN KEY(community_id, responder_id) REFERENCES responder (community_id, person_id),
    CONSTRAINT ck_offer_status CHECK (status in ('live','accepted','declined','expired','withdrawn'))
);

CREATE INDEX ix_offer_case ON offer (community_id, case_id, offered_at);

CREATE INDEX ix_offer_responder ON offer (community_id, responder_id, offered_at desc);

CREATE UNIQUE INDEX uq_offer_live ON offer (community_id, case_id) WHERE status = 'live';

CREATE TABLE report (
    community_id TEXT NOT NULL,
    report_id UUID NOT NULL,
    case_id UUID NOT NULL,
    reporter_id UUID NOT NULL,
    category TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    source TEXT DEFAULT 'app' NOT NULL,
    detail TEXT DEFAULT '' NOT NULL,
    stated_datum TEXT NOT NULL,
    stated_lon FLOAT NOT NULL,
    stated_lat FLOAT NOT NULL,
    accuracy_m FLOAT,
    heading_deg FLOAT,
    position_source TEXT NOT NULL,
    geom geometry(POINT,4326) NOT NULL,
    place JSONB NOT NULL,
    fixed_at TIMESTAMP WITH TIME ZONE,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    body_hash BYTEA NOT NULL,
    manifest TEXT[] DEFAULT '{}' NOT NULL,
    duplicates JSONB DEFAULT '[]' NOT NULL,
    offer JSONB,
    area_version INTEGER,
    link_score FLOAT,
    filed_case_id UUID,
    CONSTRAINT pk_report PRIMARY KEY (community_id, report_id),
    CONSTRAINT fk_report_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT fk_report_community_id_reporter_id FOREIGN KEY(community_id, reporter_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_report_category FOREIGN KEY(category) REFERENCES category (code)
);

CREATE INDEX ix_report_case ON report (community_id, case_id);

CREATE INDEX ix_report_reporter ON report (community_id, reporter_id, received_at desc);

CREATE TABLE service (
    community_id TEXT NOT NULL,
    service_id UUID NOT NULL,
    person_id UUID NOT NULL,
    case_id UUID,
    patrol_id UUID,
    hours FLOAT NOT NULL,
    verified_by UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_service PRIMARY KEY (community_id, service_id),
    CONSTRAINT fk_service_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_service_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT fk_service_community_id_patrol_id FOREIGN KEY(community_id, patrol_id) REFERENCES patrol (community_id, patrol_id)
);

CREATE INDEX ix_service_person ON service (community_id, person_id, at);

CREATE TABLE ledger (
    community_id TEXT NOT NULL,
    entry_id UUID NOT NULL,
    from_account UUID NOT NULL,
    to_account UUID NOT NULL,
    points INTEGER NOT NULL,
    service_id UUID,
    reverses UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    memo TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_ledger PRIMARY KEY (community_id, entry_id),
    CONSTRAINT fk_ledger_community_id_from_account FOREIGN KEY(community_id, from_account) REFERENCES account (community_id, account_id),
    CONSTRAINT fk_ledger_community_id_to_account FOREIGN KEY(community_id, to_account) REFERENCES account (community_id, account_id),
    CONSTRAINT fk_ledger_community_id_service_id FOREIGN KEY(community_id, service_id) REFERENCES service (community_id, service_id),
    CONSTRAINT fk_ledger_community_id_reverses FOREIGN KEY(community_id, reverses) REFERENCES ledger (community_id, entry_id),
    CONSTRAINT uq_ledger_community_id_reverses UNIQUE (community_id, reverses),
    CONSTRAINT ck_ledger_positive CHECK (points > 0),
    CONSTRAINT ck_ledger_two_accounts CHECK (from_account <> to_account)
);

CREATE INDEX ix_ledger_from ON ledger (community_id, from_account, at);

CREATE INDEX ix_ledger_to ON ledger (community_id, to_account, at);

CREATE TABLE photo (
    community_id TEXT NOT NULL,
    photo_id UUID NOT NULL,
    case_id UUID NOT NULL,
    report_id UUID,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    exif JSONB DEFAULT '{}' NOT NULL,
    perceptual_hash TEXT DEFAULT '' NOT NULL,
    added_by UUID NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_photo PRIMARY KEY (community_id, photo_id),
    CONSTRAINT fk_photo_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT fk_photo_community_id_report_id FOREIGN KEY(community_id, report_id) REFERENCES report (community_id, report_id),
    CONSTRAINT ck_photo_kind CHECK (kind in ('before','after'))
);

CREATE INDEX ix_photo_case ON photo (community_id, case_id);

CREATE UNIQUE INDEX uq_photo_after ON photo (community_id, case_id, sha256) WHERE report_id is null;

CREATE UNIQUE INDEX uq_photo_before ON photo (community_id, report_id, sha256) WHERE report_id is not null;
