-- Periods that a community has chosen for what it keeps, and what was taken away when its time was over.

CREATE TABLE retention_rule (
    community_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    days INTEGER NOT NULL,
    changed_by UUID,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_retention_rule PRIMARY KEY (community_id, purpose),
    CONSTRAINT fk_retention_rule_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT fk_retention_rule_community_id_changed_by FOREIGN KEY(community_id, changed_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_retention_rule_days CHECK (days between 1 and 3660)
);

ALTER TABLE photo ADD COLUMN original_gone_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE mediation ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE visit ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE service_order ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE person ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE photo ADD COLUMN blurred_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE subject_photo ADD COLUMN blurred_at TIMESTAMP WITH TIME ZONE;

CREATE INDEX ix_photo_sharp ON photo (community_id, sha256) WHERE blurred_at is null;

CREATE INDEX ix_subject_photo_sharp ON subject_photo (community_id, sha256) WHERE blurred_at is null;
