-- Points: rules of a community, balances kept under a lock, causes; rewards with stock, shops and codes.

CREATE TABLE cause (
    community_id TEXT NOT NULL,
    cause_id UUID NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    about TEXT DEFAULT '' NOT NULL,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_cause PRIMARY KEY (community_id, cause_id),
    CONSTRAINT fk_cause_community_id FOREIGN KEY(community_id) REFERENCES community (community_id)
);

ALTER TABLE service ADD COLUMN occasion TEXT DEFAULT '' NOT NULL,
    ADD COLUMN served_on DATE,
    ADD COLUMN corrects UUID,
    ADD COLUMN reason TEXT DEFAULT '' NOT NULL;
UPDATE service s SET served_on = (s.at AT TIME ZONE k.timezone)::date FROM community k WHERE k.community_id = s.community_id;
ALTER TABLE service ALTER COLUMN served_on SET NOT NULL,
    ADD CONSTRAINT ck_service_hours CHECK (hours >= 0),
    ADD CONSTRAINT uq_service_community_id_corrects UNIQUE (community_id, corrects),
    ADD CONSTRAINT fk_service_community_id_corrects FOREIGN KEY(community_id, corrects) REFERENCES service (community_id, service_id);
CREATE INDEX ix_service_served ON service (community_id, served_on, person_id);
CREATE UNIQUE INDEX uq_service_patrol ON service (community_id, patrol_id) WHERE patrol_id is not null and corrects is null;

ALTER TABLE account DROP CONSTRAINT ck_account_kind,
    ADD COLUMN cause_id UUID,
    ADD COLUMN balance INTEGER DEFAULT '0' NOT NULL,
    ADD CONSTRAINT fk_account_community_id_cause_id FOREIGN KEY(community_id, cause_id) REFERENCES cause (community_id, cause_id),
    ADD CONSTRAINT ck_account_kind CHECK (kind in ('person','issuer','reward','reversal','cause','expiry'));
UPDATE account a SET balance = coalesce((
    SELECT sum(CASE WHEN l.to_account = a.account_id THEN l.points ELSE -l.points END) FROM ledger l
    WHERE l.community_id = a.community_id AND a.account_id IN (l.from_account, l.to_account)), 0)
WHERE a.kind = 'person';
ALTER TABLE account ADD CONSTRAINT ck_account_never_below_zero CHECK (kind <> 'person' or balance >= 0),
    ADD CONSTRAINT ck_account_only_owed CHECK (kind <> 'reversal' or balance <= 0);
CREATE INDEX ix_account_person ON account (community_id, person_id) WHERE person_id is not null;

CREATE TABLE point_rule (
    community_id TEXT NOT NULL,
    per_hour SMALLINT DEFAULT '10' NOT NULL,
    most_h FLOAT DEFAULT '4' NOT NULL,
    expire_months SMALLINT,
    code_days SMALLINT DEFAULT '30' NOT NULL,
    star_hours FLOAT[] DEFAULT '{20,50,100,200,300}' NOT NULL,
    CONSTRAINT pk_point_rule PRIMARY KEY (community_id),
    CONSTRAINT fk_point_rule_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT ck_point_rule_per_hour CHECK (per_hour between 1 and 100),
    CONSTRAINT ck_point_rule_most_h CHECK (most_h between 0.25 and 24),
    CONSTRAINT ck_point_rule_expire_months CHECK (expire_months between 1 and 120),
    CONSTRAINT ck_point_rule_code_days CHECK (code_days between 1 and 365)
);

CREATE TABLE point_rate (
    community_id TEXT NOT NULL,
    category TEXT NOT NULL,
    per_hour SMALLINT NOT NULL,
    CONSTRAINT pk_point_rate PRIMARY KEY (community_id, category),
    CONSTRAINT fk_point_rate_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT ck_point_rate_per_hour CHECK (per_hour between 1 and 100),
    CONSTRAINT fk_point_rate_category FOREIGN KEY(category) REFERENCES category (code)
);

CREATE TABLE expiry_run (
    community_id TEXT NOT NULL,
    month DATE NOT NULL,
    expired_before DATE,
    announced_before DATE NOT NULL,
    people INTEGER DEFAULT '0' NOT NULL,
    points INTEGER DEFAULT '0' NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_expiry_run PRIMARY KEY (community_id, month),
    CONSTRAINT fk_expiry_run_community_id FOREIGN KEY(community_id) REFERENCES community (community_id)
);

CREATE TABLE star_consent (
    community_id TEXT NOT NULL,
    person_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_star_consent PRIMARY KEY (community_id, person_id),
    CONSTRAINT fk_star_consent_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id) ON DELETE CASCADE
);

CREATE TABLE shop (
    community_id TEXT NOT NULL,
    shop_id UUID NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_shop PRIMARY KEY (community_id, shop_id),
    CONSTRAINT fk_shop_community_id FOREIGN KEY(community_id) REFERENCES community (community_id)
);

CREATE TABLE shop_keeper (
    community_id TEXT NOT NULL,
    shop_id UUID NOT NULL,
    person_id UUID NOT NULL,
    appointed_by UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_shop_keeper PRIMARY KEY (community_id, shop_id, person_id),
    CONSTRAINT fk_shop_keeper_community_id_shop_id FOREIGN KEY(community_id, shop_id) REFERENCES shop (community_id, shop_id) ON DELETE CASCADE,
    CONSTRAINT fk_shop_keeper_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id) ON DELETE CASCADE
);

CREATE INDEX ix_shop_keeper_person ON shop_keeper (community_id, person_id);

CREATE TABLE reward (
    community_id TEXT NOT NULL,
    reward_id UUID NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    about TEXT DEFAULT '' NOT NULL,
    points INTEGER NOT NULL,
    stock INTEGER DEFAULT '0' NOT NULL,
    limit_each SMALLINT,
    limit_period TEXT DEFAULT 'month' NOT NULL,
    shop_id UUID,
    first_day DATE,
    last_day DATE,
    active BOOLEAN DEFAULT 'true' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_reward PRIMARY KEY (community_id, reward_id),
    CONSTRAINT fk_reward_community_id_shop_id FOREIGN KEY(community_id, shop_id) REFERENCES shop (community_id, shop_id),
    CONSTRAINT fk_reward_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT ck_reward_points CHECK (points > 0),
    CONSTRAINT ck_reward_never_below_zero CHECK (stock >= 0),
    CONSTRAINT ck_reward_limit_each CHECK (limit_each > 0),
    CONSTRAINT ck_reward_limit_period CHECK (limit_period in ('month','year','ever')),
    CONSTRAINT ck_reward_days CHECK (last_day >= first_day)
);

CREATE TABLE reward_picture (
    community_id TEXT NOT NULL,
    reward_id UUID NOT NULL,
    sha256 TEXT NOT NULL,
    image BYTEA NOT NULL,
    CONSTRAINT pk_reward_picture PRIMARY KEY (community_id, reward_id),
    CONSTRAINT fk_reward_picture_community_id_reward_id FOREIGN KEY(community_id, reward_id) REFERENCES reward (community_id, reward_id) ON DELETE CASCADE,
    CONSTRAINT ck_reward_picture_size CHECK (octet_length(image) <= 1000000)
);

CREATE TABLE stock_change (
    community_id TEXT NOT NULL,
    change_id UUID NOT NULL,
    reward_id UUID NOT NULL,
    amount INTEGER NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    by UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_stock_change PRIMARY KEY (community_id, change_id),
    CONSTRAINT fk_stock_change_community_id_reward_id FOREIGN KEY(community_id, reward_id) REFERENCES reward (community_id, reward_id),
    CONSTRAINT fk_stock_change_community_id_by FOREIGN KEY(community_id, by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_stock_change_amount CHECK (amount <> 0)
);

CREATE INDEX ix_stock_change_reward ON stock_change (community_id, reward_id, at);

CREATE TABLE redemption (
    community_id TEXT NOT NULL,
    redemption_id UUID NOT NULL,
    reward_id UUID NOT NULL,
    person_id UUID NOT NULL,
    points INTEGER NOT NULL,
    code TEXT NOT NULL,
    status TEXT DEFAULT 'open' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    handed_out_at TIMESTAMP WITH TIME ZONE,
    handed_out_by UUID,
    shop_id UUID,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by UUID,
    reason TEXT DEFAULT '' NOT NULL,
    restocked BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_redemption PRIMARY KEY (community_id, redemption_id),
    CONSTRAINT fk_redemption_community_id_reward_id FOREIGN KEY(community_id, reward_id) REFERENCES reward (community_id, reward_id),
    CONSTRAINT fk_redemption_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_redemption_community_id_handed_out_by FOREIGN KEY(community_id, handed_out_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_redemption_community_id_ended_by FOREIGN KEY(community_id, ended_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_redemption_community_id_shop_id FOREIGN KEY(community_id, shop_id) REFERENCES shop (community_id, shop_id),
    CONSTRAINT uq_redemption_community_id_code UNIQUE (community_id, code),
    CONSTRAINT ck_redemption_points CHECK (points > 0),
    CONSTRAINT ck_redemption_status CHECK (status in ('open','handed_out','cancelled','expired','refunded')),
    CONSTRAINT ck_redemption_handed_out CHECK ((status in ('handed_out','refunded')) = (handed_out_at is not null)),
    CONSTRAINT ck_redemption_ended CHECK ((status in ('open','handed_out')) = (ended_at is null))
);

CREATE INDEX ix_redemption_open ON redemption (expires_at) WHERE status = 'open';

CREATE INDEX ix_redemption_person ON redemption (community_id, person_id, created_at desc);

CREATE INDEX ix_redemption_reward ON redemption (community_id, reward_id, person_id, created_at);

ALTER TABLE ledger ADD COLUMN redemption_id UUID,
    ADD CONSTRAINT fk_ledger_community_id_redemption_id FOREIGN KEY(community_id, redemption_id) REFERENCES redemption (community_id, redemption_id);
CREATE INDEX ix_ledger_redemption ON ledger (community_id, redemption_id) WHERE redemption_id is not null;
CREATE INDEX ix_ledger_at ON ledger (community_id, at);

-- each room has subjects of its own: their names are held together by a test of the pages
ALTER TABLE change DROP CONSTRAINT ck_change_subject;
