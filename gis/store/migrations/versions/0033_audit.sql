-- The audit log: entries of its own, the chain over all entries, and what waits to be chained. Words can be erased from an
-- entry because only a salted hash of them is in the chain. What was written before goes into the chain first.

-- A default that differs by row is set after the column was added: nothing is rewritten. Old words get a salt, so that they can be erased.

ALTER TABLE access ADD COLUMN salt UUID;

ALTER TABLE access ALTER COLUMN salt SET DEFAULT gen_random_uuid();

UPDATE access SET salt = gen_random_uuid() WHERE why <> '';

ALTER TABLE change ADD COLUMN salt UUID;

ALTER TABLE change ALTER COLUMN salt SET DEFAULT gen_random_uuid();

UPDATE change SET salt = gen_random_uuid();

CREATE TABLE audit_note (
    community_id TEXT NOT NULL,
    note_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    person_id UUID,
    kind TEXT NOT NULL,
    subject_id TEXT DEFAULT '' NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    salt UUID DEFAULT gen_random_uuid(),
    CONSTRAINT pk_audit_note PRIMARY KEY (community_id, note_id),
    CONSTRAINT fk_audit_note_community_id FOREIGN KEY(community_id) REFERENCES community (community_id)
);

CREATE INDEX ix_audit_note_at ON audit_note (community_id, at desc, note_id);

CREATE INDEX ix_audit_note_kind ON audit_note (community_id, kind, at desc);

CREATE INDEX ix_audit_note_person ON audit_note (community_id, person_id, at desc);

CREATE TABLE audit_waiting (
    community_id TEXT NOT NULL,
    waiting_id BIGINT GENERATED ALWAYS AS IDENTITY,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    CONSTRAINT pk_audit_waiting PRIMARY KEY (community_id, waiting_id),
    CONSTRAINT ck_audit_waiting_source CHECK (source in ('access','change','erasure','note'))
);

CREATE TABLE audit_link (
    community_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_audit_link PRIMARY KEY (community_id, seq),
    CONSTRAINT fk_audit_link_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT uq_audit_link_community_id_source_key UNIQUE (community_id, source, key),
    CONSTRAINT ck_audit_link_source CHECK (source in ('access','change','erasure','note'))
);

CREATE TABLE audit_head (
    community_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_audit_head PRIMARY KEY (community_id),
    CONSTRAINT fk_audit_head_community_id FOREIGN KEY(community_id) REFERENCES community (community_id)
);

CREATE INDEX ix_access_at ON access (community_id, at desc, access_id);

CREATE INDEX ix_access_person ON access (community_id, person_id, at desc);

INSERT INTO audit_waiting (community_id, source, key)
SELECT community_id, source, key FROM (
    SELECT community_id, at, 'access' AS source, access_id::text AS key FROM access
    UNION ALL SELECT community_id, at, 'change', change_id::text FROM change
    UNION ALL SELECT community_id, at, 'erasure', erasure_id::text FROM erasure
) AS written ORDER BY community_id, at, source, key;
