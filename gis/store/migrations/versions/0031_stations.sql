-- Stations (暖心驿站): what the office says of them, who minds them, stock, faults.

CREATE TABLE station_care (
    community_id TEXT NOT NULL,
    code TEXT NOT NULL,
    amenities TEXT[],
    opening_hours TEXT,
    closed_until DATE,
    closed_why TEXT DEFAULT '' NOT NULL,
    changed_by UUID,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_station_care PRIMARY KEY (community_id, code),
    CONSTRAINT fk_station_care_community_id_changed_by FOREIGN KEY(community_id, changed_by) REFERENCES person (community_id, person_id)
);

CREATE TABLE station_keeper (
    community_id TEXT NOT NULL,
    code TEXT NOT NULL,
    person_id UUID NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_station_keeper PRIMARY KEY (community_id, code, person_id),
    CONSTRAINT fk_station_keeper_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id) ON DELETE CASCADE
);

CREATE INDEX ix_station_keeper_person ON station_keeper (community_id, person_id);

CREATE TABLE station_item (
    community_id TEXT NOT NULL,
    item_id UUID NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    least INTEGER NOT NULL,
    count INTEGER,
    counted_at TIMESTAMP WITH TIME ZONE,
    counted_by UUID,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    CONSTRAINT pk_station_item PRIMARY KEY (community_id, item_id),
    CONSTRAINT fk_station_item_community_id_counted_by FOREIGN KEY(community_id, counted_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_station_item_least CHECK (least between 0 and 100000),
    CONSTRAINT ck_station_item_count CHECK (count between 0 and 100000)
);

CREATE UNIQUE INDEX uq_station_item_kind ON station_item (community_id, code, kind, name);

CREATE TABLE station_count (
    community_id TEXT NOT NULL,
    count_id UUID NOT NULL,
    item_id UUID NOT NULL,
    count INTEGER NOT NULL,
    by UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_station_count PRIMARY KEY (community_id, count_id),
    CONSTRAINT fk_station_count_community_id_item_id FOREIGN KEY(community_id, item_id) REFERENCES station_item (community_id, item_id),
    CONSTRAINT fk_station_count_community_id_by FOREIGN KEY(community_id, by) REFERENCES person (community_id, person_id)
);

CREATE INDEX ix_station_count_item ON station_count (community_id, item_id, at);

CREATE TABLE station_fault (
    community_id TEXT NOT NULL,
    report_id UUID NOT NULL,
    code TEXT NOT NULL,
    case_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_station_fault PRIMARY KEY (community_id, report_id),
    CONSTRAINT fk_station_fault_community_id_report_id FOREIGN KEY(community_id, report_id) REFERENCES report (community_id, report_id),
    CONSTRAINT fk_station_fault_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT fk_station_fault_community_id FOREIGN KEY(community_id) REFERENCES community (community_id)
);

CREATE INDEX ix_station_fault_code ON station_fault (community_id, code, at);
