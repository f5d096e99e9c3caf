-- The 12345 hotline: its orders as they came, files that are being read, and what an office's columns are called.

CREATE TABLE hotline_order (
    community_id TEXT NOT NULL,
    order_id UUID NOT NULL,
    order_number TEXT DEFAULT '' NOT NULL,
    report_id UUID NOT NULL,
    words TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    callback TEXT DEFAULT '' NOT NULL,
    callback_erased_at TIMESTAMP WITH TIME ZONE,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    taken_by UUID NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_hotline_order PRIMARY KEY (community_id, order_id),
    CONSTRAINT fk_hotline_order_community_id_report_id FOREIGN KEY(community_id, report_id) REFERENCES report (community_id, report_id),
    CONSTRAINT fk_hotline_order_community_id_taken_by FOREIGN KEY(community_id, taken_by) REFERENCES person (community_id, person_id)
);

CREATE INDEX ix_hotline_order_callback ON hotline_order (taken_at) WHERE callback <> '';

CREATE INDEX ix_hotline_order_received ON hotline_order (community_id, received_at desc, order_id);

CREATE INDEX ix_hotline_order_report ON hotline_order (community_id, report_id);

CREATE UNIQUE INDEX uq_hotline_order_number ON hotline_order (community_id, order_number) WHERE order_number <> '';

CREATE TABLE hotline_import (
    community_id TEXT NOT NULL,
    import_id UUID NOT NULL,
    file_name TEXT NOT NULL,
    status TEXT NOT NULL,
    columns JSONB DEFAULT '{}' NOT NULL,
    categories JSONB DEFAULT '{}' NOT NULL,
    choices JSONB DEFAULT '{}' NOT NULL,
    rows INTEGER DEFAULT '0' NOT NULL,
    done INTEGER DEFAULT '0' NOT NULL,
    summary JSONB DEFAULT '{}' NOT NULL,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_hotline_import PRIMARY KEY (community_id, import_id),
    CONSTRAINT fk_hotline_import_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_hotline_import_status CHECK (status in ('looked_at','writing','written','failed','discarded'))
);

CREATE INDEX ix_hotline_import_created ON hotline_import (community_id, created_at desc);

CREATE TABLE hotline_columns (
    community_id TEXT NOT NULL,
    columns JSONB NOT NULL,
    categories JSONB DEFAULT '{}' NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_hotline_columns PRIMARY KEY (community_id),
    CONSTRAINT fk_hotline_columns_community_id FOREIGN KEY(community_id) REFERENCES community (community_id)
);
