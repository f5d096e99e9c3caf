-- The dispatch desk: kept filters, shifts and notes; until when an agency should take a referral.

ALTER TABLE referral
    ADD COLUMN accept_due_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN accept_told SMALLINT DEFAULT '0' NOT NULL,
    ADD COLUMN expected_at TIMESTAMP WITH TIME ZONE;
CREATE INDEX ix_referral_accept_due ON referral (accept_due_at) WHERE status = 'sent' and accept_told < 2;

CREATE TABLE saved_filter (
    community_id TEXT NOT NULL,
    filter_id UUID NOT NULL,
    owner_id UUID NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    shared BOOLEAN DEFAULT 'false' NOT NULL,
    is_default BOOLEAN DEFAULT 'false' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_saved_filter PRIMARY KEY (community_id, filter_id),
    CONSTRAINT fk_saved_filter_community_id_owner_id FOREIGN KEY(community_id, owner_id) REFERENCES person (community_id, person_id)
);
CREATE INDEX ix_saved_filter_shared ON saved_filter (community_id) WHERE shared;
CREATE UNIQUE INDEX uq_saved_filter_default ON saved_filter (community_id, owner_id) WHERE is_default;
CREATE UNIQUE INDEX uq_saved_filter_name ON saved_filter (community_id, owner_id, name);

CREATE TABLE desk_shift (
    community_id TEXT NOT NULL,
    shift_id UUID NOT NULL,
    person_id UUID NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    words TEXT DEFAULT '' NOT NULL,
    taken_by UUID,
    taken_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_desk_shift PRIMARY KEY (community_id, shift_id),
    CONSTRAINT fk_desk_shift_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_desk_shift_community_id_taken_by FOREIGN KEY(community_id, taken_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_desk_shift_taken CHECK (taken_at is null or ended_at is not null),
    CONSTRAINT ck_desk_shift_signed CHECK ((taken_by is null) = (taken_at is null))
);
CREATE INDEX ix_desk_shift_ended ON desk_shift (community_id, ended_at desc);
CREATE UNIQUE INDEX uq_desk_shift_open ON desk_shift (community_id, person_id) WHERE ended_at is null;

CREATE TABLE desk_note (
    community_id TEXT NOT NULL,
    note_id UUID NOT NULL,
    case_id UUID,
    written_by UUID NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    words TEXT NOT NULL,
    settled_by UUID,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_desk_note PRIMARY KEY (community_id, note_id),
    CONSTRAINT fk_desk_note_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT fk_desk_note_community_id_written_by FOREIGN KEY(community_id, written_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_desk_note_community_id_settled_by FOREIGN KEY(community_id, settled_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_desk_note_settled CHECK ((settled_by is null) = (settled_at is null))
);
CREATE INDEX ix_desk_note_case ON desk_note (community_id, case_id, written_at);
CREATE INDEX ix_desk_note_open ON desk_note (community_id, written_at) WHERE settled_at is null;
