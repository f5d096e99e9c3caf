-- Mediation: what was said in it is encrypted.

CREATE TABLE mediation (
    community_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    keeper_id UUID NOT NULL,
    mediator_id UUID,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    agreement BYTEA,
    signed_by BYTEA,
    signed_on DATE,
    outcome TEXT,
    outcome_at TIMESTAMP WITH TIME ZONE,
    outcome_by UUID,
    CONSTRAINT pk_mediation PRIMARY KEY (community_id, case_id),
    CONSTRAINT fk_mediation_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT fk_mediation_community_id_keeper_id FOREIGN KEY(community_id, keeper_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_mediation_community_id_mediator_id FOREIGN KEY(community_id, mediator_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_mediation_community_id_outcome_by FOREIGN KEY(community_id, outcome_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_mediation_outcome CHECK (outcome in ('agreed','failed','withdrawn','passed_on')),
    CONSTRAINT ck_mediation_agreement CHECK (outcome is distinct from 'agreed' or agreement is not null)
);

CREATE INDEX ix_mediation_keeper ON mediation (community_id, keeper_id, opened_at desc);

CREATE INDEX ix_mediation_mediator ON mediation (community_id, mediator_id, opened_at desc);

CREATE INDEX ix_mediation_outcome ON mediation (community_id, outcome_at);

CREATE TABLE mediation_party (
    community_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    party_id UUID NOT NULL,
    seat SMALLINT NOT NULL,
    name BYTEA NOT NULL,
    contact BYTEA,
    words BYTEA,
    added_by UUID NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_mediation_party PRIMARY KEY (community_id, case_id, party_id),
    CONSTRAINT fk_mediation_party_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES mediation (community_id, case_id),
    CONSTRAINT fk_mediation_party_community_id_added_by FOREIGN KEY(community_id, added_by) REFERENCES person (community_id, person_id)
);

CREATE TABLE mediation_session (
    community_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    session_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    place BYTEA NOT NULL,
    present UUID[] DEFAULT '{}' NOT NULL,
    words BYTEA,
    added_by UUID NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_mediation_session PRIMARY KEY (community_id, case_id, session_id),
    CONSTRAINT fk_mediation_session_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES mediation (community_id, case_id),
    CONSTRAINT fk_mediation_session_community_id_added_by FOREIGN KEY(community_id, added_by) REFERENCES person (community_id, person_id)
);

CREATE INDEX ix_mediation_session_starts ON mediation_session (starts_at) WHERE told_at is null;

CREATE TABLE mediation_follow_up (
    community_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    follow_up_id UUID NOT NULL,
    due_on DATE NOT NULL,
    words BYTEA,
    kept TEXT,
    told_at TIMESTAMP WITH TIME ZONE,
    done_at TIMESTAMP WITH TIME ZONE,
    done_by UUID,
    CONSTRAINT pk_mediation_follow_up PRIMARY KEY (community_id, case_id, follow_up_id),
    CONSTRAINT fk_mediation_follow_up_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES mediation (community_id, case_id),
    CONSTRAINT fk_mediation_follow_up_community_id_done_by FOREIGN KEY(community_id, done_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_mediation_follow_up_kept CHECK (kept in ('kept','partly','broken')),
    CONSTRAINT ck_mediation_follow_up_done CHECK ((done_at is null) = (kept is null))
);

CREATE INDEX ix_mediation_follow_up_due ON mediation_follow_up (due_on) WHERE told_at is null and done_at is null;
