-- Notices to people, group robots, and what is on its way to them.

CREATE TABLE notice (
    community_id TEXT NOT NULL,
    notice_id UUID NOT NULL,
    person_id UUID NOT NULL,
    kind TEXT NOT NULL,
    case_id UUID,
    dedup TEXT NOT NULL,
    urgent BOOLEAN DEFAULT 'false' NOT NULL,
    silent BOOLEAN DEFAULT 'false' NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    serial BIGINT GENERATED ALWAYS AS IDENTITY,
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_notice PRIMARY KEY (community_id, notice_id),
    CONSTRAINT uq_notice_community_id_person_id_kind_dedup UNIQUE (community_id, person_id, kind, dedup),
    CONSTRAINT fk_notice_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id) ON DELETE CASCADE,
    CONSTRAINT fk_notice_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id)
);

CREATE INDEX ix_notice_created ON notice (community_id, created_at);

CREATE INDEX ix_notice_person ON notice (community_id, person_id, serial desc);

CREATE INDEX ix_notice_stream ON notice (transaction_id, serial);

CREATE INDEX ix_notice_unread ON notice (community_id, person_id) WHERE read_at is null;

CREATE TABLE robot (
    community_id TEXT NOT NULL,
    robot_id UUID NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    kinds TEXT[] DEFAULT '{}' NOT NULL,
    language TEXT DEFAULT 'zh' NOT NULL,
    enabled BOOLEAN DEFAULT 'false' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_robot PRIMARY KEY (community_id, robot_id),
    CONSTRAINT fk_robot_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT ck_robot_kind CHECK (kind in ('wecom','dingtalk','feishu'))
);

CREATE TABLE delivery (
    community_id TEXT NOT NULL,
    delivery_id UUID NOT NULL,
    robot_id UUID NOT NULL,
    kind TEXT NOT NULL,
    case_id UUID,
    dedup TEXT NOT NULL,
    urgent BOOLEAN DEFAULT 'false' NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    state TEXT DEFAULT 'waiting' NOT NULL,
    attempts SMALLINT DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    error TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_delivery PRIMARY KEY (community_id, delivery_id),
    CONSTRAINT uq_delivery_community_id_robot_id_kind_dedup UNIQUE (community_id, robot_id, kind, dedup),
    CONSTRAINT fk_delivery_community_id_robot_id FOREIGN KEY(community_id, robot_id) REFERENCES robot (community_id, robot_id) ON DELETE CASCADE,
    CONSTRAINT fk_delivery_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT ck_delivery_state CHECK (state in ('waiting','sending','sent','failed','unknown'))
);

CREATE INDEX ix_delivery_open ON delivery (community_id, due_at) WHERE state in ('waiting','sending');

