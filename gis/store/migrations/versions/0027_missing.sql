-- Searches for missing people, and musters that grow from a radius.

CREATE TABLE missing_person (
    community_id TEXT NOT NULL,
    missing_id UUID NOT NULL,
    muster_id UUID NOT NULL,
    resident_id UUID,
    status TEXT DEFAULT 'searching' NOT NULL,
    name BYTEA,
    told BYTEA,
    outcome BYTEA,
    photo_id UUID,
    place_text TEXT DEFAULT '' NOT NULL,
    geom geometry(POINT,4326),
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_by UUID,
    ended_at TIMESTAMP WITH TIME ZONE,
    erased_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_missing_person PRIMARY KEY (community_id, missing_id),
    CONSTRAINT fk_missing_person_community_id_muster_id FOREIGN KEY(community_id, muster_id) REFERENCES muster (community_id, muster_id),
    CONSTRAINT fk_missing_person_community_id_resident_id FOREIGN KEY(community_id, resident_id) REFERENCES resident (community_id, resident_id),
    CONSTRAINT fk_missing_person_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_missing_person_community_id_ended_by FOREIGN KEY(community_id, ended_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_missing_person_status CHECK (status in ('searching','found','stood_down')),
    CONSTRAINT ck_missing_person_ended CHECK ((status = 'searching') = (ended_at is null)),
    CONSTRAINT ck_missing_person_erased CHECK (erased_at is null or (name is null and told is null and outcome is null and photo_id is null and geom is null and resident_id is null and place_text = ''))
);

CREATE INDEX ix_missing_person_created ON missing_person (community_id, created_at desc, missing_id);

CREATE INDEX ix_missing_person_ended ON missing_person (ended_at) WHERE ended_at is not null and erased_at is null;

CREATE INDEX ix_missing_person_resident ON missing_person (community_id, resident_id);

CREATE UNIQUE INDEX uq_missing_person_muster ON missing_person (community_id, muster_id);

CREATE TABLE missing_street (
    community_id TEXT NOT NULL,
    missing_id UUID NOT NULL,
    segment_id UUID NOT NULL,
    ring SMALLINT NOT NULL,
    searched_by UUID,
    searched_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_missing_street PRIMARY KEY (community_id, missing_id, segment_id),
    CONSTRAINT fk_missing_street_community_id_missing_id FOREIGN KEY(community_id, missing_id) REFERENCES missing_person (community_id, missing_id),
    CONSTRAINT fk_missing_street_community_id_segment_id FOREIGN KEY(community_id, segment_id) REFERENCES street_segment (community_id, segment_id),
    CONSTRAINT fk_missing_street_community_id_searched_by FOREIGN KEY(community_id, searched_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_missing_street_searched CHECK ((searched_by is null) = (searched_at is null))
);

ALTER TABLE muster ADD COLUMN radius_m FLOAT;
