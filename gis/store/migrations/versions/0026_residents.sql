-- Households and the people who live there, and the proof of what was erased.

CREATE TABLE household (
    community_id TEXT NOT NULL,
    household_id UUID NOT NULL,
    building_id UUID NOT NULL,
    unit TEXT DEFAULT '' NOT NULL,
    flat TEXT NOT NULL,
    grid_code TEXT,
    micro_grid_code TEXT,
    tenure TEXT DEFAULT 'unknown' NOT NULL,
    note BYTEA,
    purpose TEXT NOT NULL,
    source TEXT NOT NULL,
    recorded_on DATE NOT NULL,
    revision INTEGER DEFAULT '1' NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_household PRIMARY KEY (community_id, household_id),
    CONSTRAINT fk_household_community_id_building_id FOREIGN KEY(community_id, building_id) REFERENCES building (community_id, building_id),
    CONSTRAINT fk_household_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT uq_household_community_id_building_id_unit_flat UNIQUE (community_id, building_id, unit, flat),
    CONSTRAINT ck_household_tenure CHECK (tenure in ('owner','tenant','other','unknown'))
);

CREATE INDEX ix_household_grid ON household (community_id, grid_code);

CREATE INDEX ix_household_micro_grid ON household (community_id, micro_grid_code);

CREATE TABLE resident (
    community_id TEXT NOT NULL,
    resident_id UUID NOT NULL,
    household_id UUID,
    name BYTEA,
    identity BYTEA,
    contacts BYTEA,
    phone_mark BYTEA,
    id_mark BYTEA,
    birth_year SMALLINT,
    relation TEXT DEFAULT 'other' NOT NULL,
    flags TEXT[] DEFAULT '{}' NOT NULL,
    account_id UUID,
    purpose TEXT NOT NULL,
    source TEXT NOT NULL,
    recorded_on DATE NOT NULL,
    revision INTEGER DEFAULT '1' NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    moved_out_on DATE,
    erased_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_resident PRIMARY KEY (community_id, resident_id),
    CONSTRAINT fk_resident_community_id_household_id FOREIGN KEY(community_id, household_id) REFERENCES household (community_id, household_id),
    CONSTRAINT fk_resident_community_id_account_id FOREIGN KEY(community_id, account_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_resident_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_resident_erased CHECK ((erased_at is null) = (name is not null and household_id is not null) and (erased_at is null or (identity is null and contacts is null and phone_mark is null and id_mark is null and birth_year is null and flags = '{}' and account_id is null)))
);

CREATE INDEX ix_resident_household ON resident (community_id, household_id);

CREATE INDEX ix_resident_id ON resident (community_id, id_mark) WHERE id_mark is not null;

CREATE INDEX ix_resident_moved_out ON resident (moved_out_on) WHERE moved_out_on is not null and erased_at is null;

CREATE INDEX ix_resident_phone ON resident (community_id, phone_mark) WHERE phone_mark is not null;

CREATE UNIQUE INDEX uq_resident_account ON resident (community_id, account_id) WHERE account_id is not null;

CREATE TABLE resident_consent (
    community_id TEXT NOT NULL,
    consent_id UUID NOT NULL,
    resident_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    given BOOLEAN NOT NULL,
    how TEXT NOT NULL,
    said_by TEXT NOT NULL,
    said_on DATE NOT NULL,
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_resident_consent PRIMARY KEY (community_id, consent_id),
    CONSTRAINT fk_resident_consent_community_id_resident_id FOREIGN KEY(community_id, resident_id) REFERENCES resident (community_id, resident_id),
    CONSTRAINT fk_resident_consent_community_id_recorded_by FOREIGN KEY(community_id, recorded_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_resident_consent_how CHECK (how in ('written','spoken','online')),
    CONSTRAINT ck_resident_consent_said_by CHECK (said_by in ('self','family','guardian'))
);

CREATE INDEX ix_resident_consent_resident ON resident_consent (community_id, resident_id, recorded_at);

CREATE TABLE resident_change (
    community_id TEXT NOT NULL,
    change_id UUID NOT NULL,
    household_id UUID NOT NULL,
    resident_id UUID,
    suggestion_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_id UUID,
    verb TEXT NOT NULL,
    fields TEXT[] DEFAULT '{}' NOT NULL,
    data BYTEA,
    CONSTRAINT pk_resident_change PRIMARY KEY (community_id, change_id),
    CONSTRAINT fk_resident_change_community_id_actor_id FOREIGN KEY(community_id, actor_id) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_resident_change_verb CHECK (verb in ('added','changed','moved_in','moved_out','consent','erased','imported'))
);

CREATE INDEX ix_resident_change_at ON resident_change (community_id, at);

CREATE INDEX ix_resident_change_household ON resident_change (community_id, household_id, at);

CREATE INDEX ix_resident_change_resident ON resident_change (community_id, resident_id, at);

CREATE TABLE resident_suggestion (
    community_id TEXT NOT NULL,
    suggestion_id UUID NOT NULL,
    household_id UUID NOT NULL,
    resident_id UUID,
    made_by UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    fields TEXT[] NOT NULL,
    data BYTEA,
    status TEXT DEFAULT 'open' NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_resident_suggestion PRIMARY KEY (community_id, suggestion_id),
    CONSTRAINT fk_resident_suggestion_community_id_household_id FOREIGN KEY(community_id, household_id) REFERENCES household (community_id, household_id),
    CONSTRAINT fk_resident_suggestion_community_id_resident_id FOREIGN KEY(community_id, resident_id) REFERENCES resident (community_id, resident_id),
    CONSTRAINT fk_resident_suggestion_community_id_made_by FOREIGN KEY(community_id, made_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_resident_suggestion_community_id_decided_by FOREIGN KEY(community_id, decided_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_resident_suggestion_status CHECK (status in ('open','approved','declined')),
    CONSTRAINT ck_resident_suggestion_decided CHECK ((status = 'open') = (decided_at is null))
);

CREATE INDEX ix_resident_suggestion_made_by ON resident_suggestion (community_id, made_by, made_at desc);

CREATE INDEX ix_resident_suggestion_open ON resident_suggestion (community_id, made_at) WHERE status = 'open';

CREATE INDEX ix_resident_suggestion_resident ON resident_suggestion (community_id, resident_id);

CREATE TABLE care_flag (
    community_id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    for_watchers BOOLEAN DEFAULT 'true' NOT NULL,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    CONSTRAINT pk_care_flag PRIMARY KEY (community_id, code),
    CONSTRAINT fk_care_flag_community_id FOREIGN KEY(community_id) REFERENCES community (community_id)
);

CREATE TABLE erasure (
    community_id TEXT NOT NULL,
    erasure_id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_id UUID,
    reason TEXT DEFAULT '' NOT NULL,
    erased JSONB NOT NULL,
    kept JSONB NOT NULL,
    CONSTRAINT pk_erasure PRIMARY KEY (community_id, erasure_id),
    CONSTRAINT fk_erasure_community_id_actor_id FOREIGN KEY(community_id, actor_id) REFERENCES person (community_id, person_id)
);

CREATE INDEX ix_erasure_at ON erasure (community_id, at desc, erasure_id);

CREATE INDEX ix_erasure_subject ON erasure (community_id, subject_id);

ALTER TABLE access ADD COLUMN why TEXT DEFAULT '' NOT NULL;
