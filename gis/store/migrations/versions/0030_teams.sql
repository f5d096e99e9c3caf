-- Teams, activities and courses, certificates, the handbook.

CREATE TABLE team (
    community_id TEXT NOT NULL,
    team_id UUID NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    kind TEXT NOT NULL,
    about TEXT DEFAULT '' NOT NULL,
    contact TEXT DEFAULT '' NOT NULL,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_team PRIMARY KEY (community_id, team_id),
    CONSTRAINT fk_team_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_team_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT uq_team_community_id_name UNIQUE (community_id, name),
    CONSTRAINT ck_team_kind CHECK (kind in ('riders','vehicles','care','patrol','kitchen','other'))
);

CREATE TABLE team_member (
    community_id TEXT NOT NULL,
    team_id UUID NOT NULL,
    person_id UUID NOT NULL,
    leader BOOLEAN DEFAULT 'false' NOT NULL,
    added_by UUID NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_team_member PRIMARY KEY (community_id, team_id, person_id),
    CONSTRAINT fk_team_member_community_id_team_id FOREIGN KEY(community_id, team_id) REFERENCES team (community_id, team_id) ON DELETE CASCADE,
    CONSTRAINT fk_team_member_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id) ON DELETE CASCADE,
    CONSTRAINT fk_team_member_community_id_added_by FOREIGN KEY(community_id, added_by) REFERENCES person (community_id, person_id)
);

CREATE INDEX ix_team_member_person ON team_member (community_id, person_id);

CREATE TABLE activity (
    community_id TEXT NOT NULL,
    activity_id UUID NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    about TEXT DEFAULT '' NOT NULL,
    place TEXT NOT NULL,
    building_id UUID,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    places SMALLINT NOT NULL,
    hours FLOAT DEFAULT '0' NOT NULL,
    team_id UUID,
    skill TEXT,
    certificate TEXT,
    valid_months SMALLINT,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reminded_at TIMESTAMP WITH TIME ZONE,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    cancelled_by UUID,
    reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_activity PRIMARY KEY (community_id, activity_id),
    CONSTRAINT fk_activity_community_id_building_id FOREIGN KEY(community_id, building_id) REFERENCES building (community_id, building_id),
    CONSTRAINT fk_activity_community_id_team_id FOREIGN KEY(community_id, team_id) REFERENCES team (community_id, team_id),
    CONSTRAINT fk_activity_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_activity_community_id_cancelled_by FOREIGN KEY(community_id, cancelled_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_activity_kind CHECK (kind in ('activity','course')),
    CONSTRAINT ck_activity_order CHECK (ends_at > starts_at),
    CONSTRAINT ck_activity_places CHECK (places > 0),
    CONSTRAINT ck_activity_hours CHECK (hours >= 0)
);

CREATE INDEX ix_activity_reminder ON activity (starts_at) WHERE reminded_at is null and cancelled_at is null;

CREATE INDEX ix_activity_starts ON activity (community_id, starts_at, activity_id);

CREATE TABLE activity_place (
    community_id TEXT NOT NULL,
    activity_id UUID NOT NULL,
    person_id UUID NOT NULL,
    state TEXT NOT NULL,
    turn INTEGER NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attended_at TIMESTAMP WITH TIME ZONE,
    attended_by TEXT,
    attested_by UUID,
    service_id UUID,
    CONSTRAINT pk_activity_place PRIMARY KEY (community_id, activity_id, person_id),
    CONSTRAINT fk_activity_place_community_id_activity_id FOREIGN KEY(community_id, activity_id) REFERENCES activity (community_id, activity_id),
    CONSTRAINT fk_activity_place_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_activity_place_community_id_attested_by FOREIGN KEY(community_id, attested_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_activity_place_state CHECK (state in ('booked','waiting','cancelled')),
    CONSTRAINT ck_activity_place_attended_by CHECK (attended_by in ('code','organiser')),
    CONSTRAINT ck_activity_place_attended CHECK (attended_at is null or state = 'booked')
);

CREATE INDEX ix_activity_place_person ON activity_place (community_id, person_id, activity_id);

CREATE TABLE certificate (
    community_id TEXT NOT NULL,
    certificate_id UUID NOT NULL,
    person_id UUID NOT NULL,
    kind TEXT NOT NULL,
    skill TEXT,
    number BYTEA,
    issued_on DATE NOT NULL,
    ends_on DATE,
    activity_id UUID,
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    withdrawn_by UUID,
    reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_certificate PRIMARY KEY (community_id, certificate_id),
    CONSTRAINT fk_certificate_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id) ON DELETE CASCADE,
    CONSTRAINT fk_certificate_community_id_activity_id FOREIGN KEY(community_id, activity_id) REFERENCES activity (community_id, activity_id),
    CONSTRAINT fk_certificate_community_id_recorded_by FOREIGN KEY(community_id, recorded_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_certificate_community_id_withdrawn_by FOREIGN KEY(community_id, withdrawn_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_certificate_order CHECK (ends_on >= issued_on)
);

CREATE INDEX ix_certificate_ends ON certificate (ends_on) WHERE told_at is null and withdrawn_at is null;

CREATE INDEX ix_certificate_kind ON certificate (community_id, kind, ends_on) WHERE withdrawn_at is null;

CREATE INDEX ix_certificate_person ON certificate (community_id, person_id, skill);

CREATE TABLE handbook_article (
    community_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    title_en TEXT DEFAULT '' NOT NULL,
    body TEXT NOT NULL,
    body_en TEXT DEFAULT '' NOT NULL,
    position SMALLINT DEFAULT '100' NOT NULL,
    shown BOOLEAN DEFAULT 'true' NOT NULL,
    revision INTEGER DEFAULT '1' NOT NULL,
    changed_by UUID NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_handbook_article PRIMARY KEY (community_id, slug),
    CONSTRAINT fk_handbook_article_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT fk_handbook_article_community_id_changed_by FOREIGN KEY(community_id, changed_by) REFERENCES person (community_id, person_id)
);

ALTER TABLE muster ADD COLUMN team_id UUID;

ALTER TABLE muster ADD CONSTRAINT fk_muster_community_id_team_id FOREIGN KEY (community_id, team_id) REFERENCES team (community_id, team_id);
