-- Visits: the watch log, checklists, problems found, campaigns, rounds; and photos of what is neither a report nor a case.

CREATE TABLE checklist (
    community_id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    sort SMALLINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_checklist PRIMARY KEY (community_id, code),
    CONSTRAINT fk_checklist_community_id FOREIGN KEY(community_id) REFERENCES community (community_id)
);

CREATE TABLE checklist_item (
    community_id TEXT NOT NULL,
    item_id UUID NOT NULL,
    list_code TEXT NOT NULL,
    words TEXT NOT NULL,
    words_en TEXT DEFAULT '' NOT NULL,
    category TEXT NOT NULL,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    sort SMALLINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_checklist_item PRIMARY KEY (community_id, item_id),
    CONSTRAINT fk_checklist_item_community_id_list_code FOREIGN KEY(community_id, list_code) REFERENCES checklist (community_id, code),
    CONSTRAINT fk_checklist_item_category FOREIGN KEY(category) REFERENCES category (code)
);

CREATE INDEX ix_checklist_item_list ON checklist_item (community_id, list_code);

CREATE TABLE campaign (
    community_id TEXT NOT NULL,
    campaign_id UUID NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT DEFAULT '' NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    grid_codes TEXT[] DEFAULT '{}' NOT NULL,
    questions JSONB DEFAULT '[]' NOT NULL,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_campaign PRIMARY KEY (community_id, campaign_id),
    CONSTRAINT fk_campaign_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT fk_campaign_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_campaign_order CHECK (ends_on >= starts_on)
);

CREATE INDEX ix_campaign_starts ON campaign (community_id, starts_on desc, campaign_id);

CREATE TABLE visit_round (
    community_id TEXT NOT NULL,
    round_id UUID NOT NULL,
    person_id UUID NOT NULL,
    campaign_id UUID,
    day DATE NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    start_lon FLOAT NOT NULL,
    start_lat FLOAT NOT NULL,
    travel_s FLOAT NOT NULL,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_visit_round PRIMARY KEY (community_id, round_id),
    CONSTRAINT fk_visit_round_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_visit_round_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_visit_round_community_id_campaign_id FOREIGN KEY(community_id, campaign_id) REFERENCES campaign (community_id, campaign_id)
);

CREATE INDEX ix_visit_round_person ON visit_round (community_id, person_id, day desc, round_id);

CREATE TABLE visit (
    community_id TEXT NOT NULL,
    visit_id UUID NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    person_id UUID NOT NULL,
    visited_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    building_id UUID,
    household_id UUID,
    flat TEXT DEFAULT '' NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    checks JSONB DEFAULT '{}' NOT NULL,
    answers JSONB DEFAULT '{}' NOT NULL,
    campaign_id UUID,
    round_id UUID,
    place_text TEXT DEFAULT '' NOT NULL,
    grid_code TEXT,
    micro_grid_code TEXT,
    segment_id UUID,
    geom geometry(POINT,4326) NOT NULL,
    body_hash BYTEA NOT NULL,
    CONSTRAINT pk_visit PRIMARY KEY (community_id, visit_id),
    CONSTRAINT fk_visit_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_visit_community_id_building_id FOREIGN KEY(community_id, building_id) REFERENCES building (community_id, building_id),
    CONSTRAINT fk_visit_community_id_segment_id FOREIGN KEY(community_id, segment_id) REFERENCES street_segment (community_id, segment_id),
    CONSTRAINT fk_visit_community_id_campaign_id FOREIGN KEY(community_id, campaign_id) REFERENCES campaign (community_id, campaign_id),
    CONSTRAINT fk_visit_community_id_round_id FOREIGN KEY(community_id, round_id) REFERENCES visit_round (community_id, round_id),
    CONSTRAINT ck_visit_kind CHECK (kind in ('look','check','visit','phone','talk','other')),
    CONSTRAINT ck_visit_outcome CHECK (outcome in ('done','not_home'))
);

CREATE INDEX ix_visit_at ON visit (community_id, visited_at desc, visit_id);

CREATE INDEX ix_visit_building ON visit (community_id, building_id, visited_at desc);

CREATE INDEX ix_visit_campaign ON visit (community_id, campaign_id) WHERE campaign_id is not null;

CREATE INDEX ix_visit_grid ON visit (community_id, grid_code, visited_at desc);

CREATE INDEX ix_visit_person ON visit (community_id, person_id, visited_at desc);

CREATE TABLE round_stop (
    community_id TEXT NOT NULL,
    round_id UUID NOT NULL,
    n INTEGER NOT NULL,
    building_id UUID,
    household_id UUID,
    flat TEXT DEFAULT '' NOT NULL,
    label TEXT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    geom geometry(POINT,4326) NOT NULL,
    arrive_s FLOAT NOT NULL,
    state TEXT DEFAULT 'todo' NOT NULL,
    visit_id UUID,
    at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_round_stop PRIMARY KEY (community_id, round_id, n),
    CONSTRAINT fk_round_stop_community_id_round_id FOREIGN KEY(community_id, round_id) REFERENCES visit_round (community_id, round_id) ON DELETE CASCADE,
    CONSTRAINT fk_round_stop_community_id_building_id FOREIGN KEY(community_id, building_id) REFERENCES building (community_id, building_id),
    CONSTRAINT fk_round_stop_community_id_visit_id FOREIGN KEY(community_id, visit_id) REFERENCES visit (community_id, visit_id),
    CONSTRAINT ck_round_stop_state CHECK (state in ('todo','done','not_home','skipped'))
);

CREATE TABLE finding (
    community_id TEXT NOT NULL,
    finding_id UUID NOT NULL,
    visit_id UUID,
    n SMALLINT DEFAULT '0' NOT NULL,
    campaign_id UUID,
    item_id UUID,
    category TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL,
    transferred_to TEXT DEFAULT '' NOT NULL,
    case_id UUID,
    answer TEXT DEFAULT '' NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by UUID,
    found_by UUID NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    building_id UUID,
    flat TEXT DEFAULT '' NOT NULL,
    place_text TEXT DEFAULT '' NOT NULL,
    grid_code TEXT,
    micro_grid_code TEXT,
    geom geometry(POINT,4326),
    import_key TEXT,
    revision INTEGER DEFAULT '1' NOT NULL,
    CONSTRAINT pk_finding PRIMARY KEY (community_id, finding_id),
    CONSTRAINT fk_finding_community_id_visit_id FOREIGN KEY(community_id, visit_id) REFERENCES visit (community_id, visit_id),
    CONSTRAINT fk_finding_community_id_campaign_id FOREIGN KEY(community_id, campaign_id) REFERENCES campaign (community_id, campaign_id),
    CONSTRAINT fk_finding_community_id_item_id FOREIGN KEY(community_id, item_id) REFERENCES checklist_item (community_id, item_id),
    CONSTRAINT fk_finding_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT fk_finding_community_id_building_id FOREIGN KEY(community_id, building_id) REFERENCES building (community_id, building_id),
    CONSTRAINT fk_finding_community_id_found_by FOREIGN KEY(community_id, found_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_finding_community_id_answered_by FOREIGN KEY(community_id, answered_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_finding_state CHECK (state in ('open','on_spot','transferred')),
    CONSTRAINT fk_finding_category FOREIGN KEY(category) REFERENCES category (code)
);

CREATE INDEX ix_finding_at ON finding (community_id, found_at desc, finding_id);

CREATE INDEX ix_finding_campaign ON finding (community_id, campaign_id, state);

CREATE INDEX ix_finding_case ON finding (community_id, case_id) WHERE case_id is not null;

CREATE INDEX ix_finding_visit ON finding (community_id, visit_id);

CREATE UNIQUE INDEX uq_finding_import ON finding (community_id, campaign_id, import_key) WHERE import_key is not null;

CREATE TABLE subject_photo (
    community_id TEXT NOT NULL,
    photo_id UUID NOT NULL,
    subject TEXT NOT NULL,
    subject_id UUID NOT NULL,
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    exif JSONB DEFAULT '{}' NOT NULL,
    perceptual_hash TEXT DEFAULT '' NOT NULL,
    added_by UUID NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_subject_photo PRIMARY KEY (community_id, photo_id),
    CONSTRAINT fk_subject_photo_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT fk_subject_photo_community_id_added_by FOREIGN KEY(community_id, added_by) REFERENCES person (community_id, person_id)
);

CREATE INDEX ix_subject_photo_sha256 ON subject_photo (community_id, sha256);

CREATE UNIQUE INDEX uq_subject_photo ON subject_photo (community_id, subject, subject_id, sha256);
