-- Files that people order, and keys of programs.

CREATE TABLE export (
    community_id TEXT NOT NULL,
    export_id UUID NOT NULL,
    ordered_by UUID NOT NULL,
    state TEXT NOT NULL,
    layer TEXT NOT NULL,
    format TEXT NOT NULL,
    datum TEXT NOT NULL,
    language TEXT NOT NULL,
    filters JSONB DEFAULT '{}' NOT NULL,
    rows_total INTEGER,
    rows_done INTEGER DEFAULT '0' NOT NULL,
    bytes BIGINT,
    error TEXT DEFAULT '' NOT NULL,
    ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_export PRIMARY KEY (community_id, export_id),
    CONSTRAINT fk_export_community_id_ordered_by FOREIGN KEY(community_id, ordered_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_export_state CHECK (state in ('waiting','running','done','failed','cancelled','expired')),
    CONSTRAINT ck_export_ended CHECK ((state in ('waiting','running')) = (ended_at is null)),
    CONSTRAINT ck_export_done CHECK (state <> 'done' or (bytes is not null and expires_at is not null))
);

CREATE INDEX ix_export_person ON export (community_id, ordered_by, ordered_at desc, export_id);

CREATE INDEX ix_export_expires ON export (expires_at) WHERE state = 'done';

CREATE INDEX ix_export_open ON export (ordered_at) WHERE state in ('waiting','running');

CREATE TABLE api_key (
    community_id TEXT NOT NULL,
    key_id UUID NOT NULL,
    name TEXT NOT NULL,
    key_hash BYTEA NOT NULL,
    person_id UUID NOT NULL,
    per_minute SMALLINT NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_api_key PRIMARY KEY (community_id, key_id),
    CONSTRAINT uq_api_key_community_id_key_hash UNIQUE (community_id, key_hash),
    CONSTRAINT fk_api_key_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_api_key_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_api_key_per_minute CHECK (per_minute > 0)
);

