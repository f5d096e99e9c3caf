-- What each case has been counted as, the sums of every day, and up to which event they hold.

CREATE TABLE indicator_case (
    community_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    grid_code TEXT,
    micro_grid_code TEXT,
    category TEXT NOT NULL,
    days DATE[] NOT NULL,
    measures TEXT[] NOT NULL,
    buckets SMALLINT[] NOT NULL,
    amounts INTEGER[] NOT NULL,
    kinds TEXT[] NOT NULL,
    keys TEXT[] NOT NULL,
    CONSTRAINT pk_indicator_case PRIMARY KEY (community_id, case_id)
);

CREATE TABLE indicator_day (
    community_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    day DATE NOT NULL,
    measure TEXT NOT NULL,
    bucket SMALLINT NOT NULL,
    amount BIGINT NOT NULL,
    CONSTRAINT pk_indicator_day PRIMARY KEY (community_id, kind, key, day, measure, bucket)
);

CREATE TABLE indicator_state (
    community_id TEXT NOT NULL,
    transaction_id xid8 NOT NULL,
    event_id BIGINT NOT NULL,
    counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_indicator_state PRIMARY KEY (community_id),
    CONSTRAINT fk_indicator_state_community_id FOREIGN KEY(community_id) REFERENCES community (community_id)
);

-- what belongs to a case, and patrols by day: found without reading all of them
CREATE INDEX ix_service_case ON service (community_id, case_id);
CREATE INDEX ix_ledger_service ON ledger (community_id, service_id);
CREATE INDEX ix_patrol_started ON patrol (community_id, started_at);
