-- Musters: who is called to a place, and what each answers.

CREATE TABLE muster (
    community_id TEXT NOT NULL,
    muster_id UUID NOT NULL,
    title TEXT NOT NULL,
    case_id UUID,
    people SMALLINT NOT NULL,
    vehicles SMALLINT NOT NULL,
    skills TEXT[] DEFAULT '{}' NOT NULL,
    off_duty BOOLEAN DEFAULT 'false' NOT NULL,
    status TEXT DEFAULT 'calling' NOT NULL,
    wave SMALLINT DEFAULT '0' NOT NULL,
    next_wave_at TIMESTAMP WITH TIME ZONE,
    geom geometry(POINT,4326) NOT NULL,
    building_id UUID,
    place JSONB NOT NULL,
    place_text TEXT DEFAULT '' NOT NULL,
    grid_code TEXT,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    stood_down_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_muster PRIMARY KEY (community_id, muster_id),
    CONSTRAINT fk_muster_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT fk_muster_community_id_building_id FOREIGN KEY(community_id, building_id) REFERENCES building (community_id, building_id),
    CONSTRAINT fk_muster_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_muster_status CHECK (status in ('calling','stood_down')),
    CONSTRAINT ck_muster_wanted CHECK (people >= 0 and vehicles >= 0 and people + vehicles > 0)
);

CREATE INDEX ix_muster_calling ON muster (community_id, next_wave_at) WHERE status = 'calling';

CREATE INDEX ix_muster_created ON muster (community_id, created_at desc, muster_id);

CREATE TABLE muster_call (
    community_id TEXT NOT NULL,
    muster_id UUID NOT NULL,
    person_id UUID NOT NULL,
    seat TEXT NOT NULL,
    wave SMALLINT NOT NULL,
    status TEXT DEFAULT 'called' NOT NULL,
    travel_s FLOAT NOT NULL,
    distance_m FLOAT NOT NULL,
    called_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    arrived_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_muster_call PRIMARY KEY (community_id, muster_id, person_id),
    CONSTRAINT fk_muster_call_community_id_muster_id FOREIGN KEY(community_id, muster_id) REFERENCES muster (community_id, muster_id),
    CONSTRAINT fk_muster_call_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES responder (community_id, person_id),
    CONSTRAINT ck_muster_call_seat CHECK (seat in ('person','vehicle')),
    CONSTRAINT ck_muster_call_status CHECK (status in ('called','no_answer','on_the_way','arrived','declined','stood_down'))
);

CREATE INDEX ix_muster_call_person ON muster_call (community_id, person_id, called_at desc);

CREATE UNIQUE INDEX uq_muster_call_live ON muster_call (community_id, person_id) WHERE status in ('called','on_the_way','arrived');

CREATE TABLE muster_event (
    community_id TEXT NOT NULL,
    muster_event_id BIGINT GENERATED ALWAYS AS IDENTITY,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    muster_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_id UUID,
    verb TEXT NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_muster_event PRIMARY KEY (community_id, muster_event_id),
    CONSTRAINT fk_muster_event_community_id_muster_id FOREIGN KEY(community_id, muster_id) REFERENCES muster (community_id, muster_id)
);

CREATE INDEX ix_muster_event_muster ON muster_event (community_id, muster_id, muster_event_id);

CREATE INDEX ix_muster_event_stream ON muster_event (transaction_id, muster_event_id);

