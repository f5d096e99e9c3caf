CREATE TABLE change (
    community_id TEXT NOT NULL,
    change_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    person_id UUID,
    subject TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    verb TEXT NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_change PRIMARY KEY (community_id, change_id),
    CONSTRAINT fk_change_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_change_subject CHECK (subject in ('person','duty','agency','category','calendar','robot','community','branding'))
);
CREATE INDEX ix_change_at ON change (community_id, at desc, change_id);
CREATE INDEX ix_change_key ON change (community_id, subject, key, at desc);
CREATE TABLE sign_in_code (
    community_id TEXT NOT NULL,
    person_id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    given_by UUID,
    failures SMALLINT DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_sign_in_code PRIMARY KEY (community_id, person_id),
    CONSTRAINT fk_sign_in_code_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id) ON DELETE CASCADE,
    CONSTRAINT fk_sign_in_code_community_id_given_by FOREIGN KEY(community_id, given_by) REFERENCES person (community_id, person_id)
);
CREATE TABLE category_rule (
    community_id TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT,
    name_en TEXT,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    urgent BOOLEAN,
    answer_s INTEGER,
    on_site_s INTEGER,
    resolve_s INTEGER,
    counting TEXT,
    agency_code TEXT,
    skills TEXT[],
    skill_required BOOLEAN,
    CONSTRAINT pk_category_rule PRIMARY KEY (community_id, code),
    CONSTRAINT fk_category_rule_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT fk_category_rule_community_id_agency_code FOREIGN KEY(community_id, agency_code) REFERENCES agency (community_id, code),
    CONSTRAINT ck_category_rule_counting CHECK (counting in ('wall','day','working')),
    CONSTRAINT ck_category_rule_deadlines CHECK (coalesce(answer_s, 60) between 60 and 2592000 and coalesce(on_site_s, 60) between 60 and 2592000 and coalesce(resolve_s, 60) between 60 and 31536000),
    CONSTRAINT fk_category_rule_code FOREIGN KEY(code) REFERENCES category (code)
);
CREATE TABLE logo (
    community_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    image BYTEA NOT NULL,
    CONSTRAINT pk_logo PRIMARY KEY (community_id),
    CONSTRAINT fk_logo_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT ck_logo_size CHECK (octet_length(image) <= 1000000)
);

ALTER TABLE agency ADD COLUMN active boolean DEFAULT true NOT NULL;
ALTER TABLE community ADD COLUMN rule_version integer DEFAULT 1 NOT NULL;
