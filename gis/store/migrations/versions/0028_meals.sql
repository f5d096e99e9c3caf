-- The kitchen (妈妈厨房): menus, prices, who eats when, servings of each day, rounds of deliverers, who cooks.

CREATE TABLE kitchen (
    community_id TEXT NOT NULL,
    name TEXT NOT NULL,
    building_id UUID NOT NULL,
    geom geometry(POINT,4326) NOT NULL,
    cut_off TIME WITHOUT TIME ZONE NOT NULL,
    cut_off_days SMALLINT NOT NULL,
    serves_from TIME WITHOUT TIME ZONE NOT NULL,
    serves_to TIME WITHOUT TIME ZONE NOT NULL,
    weekdays SMALLINT[] NOT NULL,
    closed_days DATE[] DEFAULT '{}' NOT NULL,
    most_stops SMALLINT NOT NULL,
    most_servings SMALLINT NOT NULL,
    urgent_age SMALLINT NOT NULL,
    closed_until DATE,
    CONSTRAINT pk_kitchen PRIMARY KEY (community_id),
    CONSTRAINT fk_kitchen_community_id FOREIGN KEY(community_id) REFERENCES community (community_id),
    CONSTRAINT fk_kitchen_community_id_building_id FOREIGN KEY(community_id, building_id) REFERENCES building (community_id, building_id),
    CONSTRAINT ck_kitchen_serves CHECK (serves_to > serves_from),
    CONSTRAINT ck_kitchen_cut_off_days CHECK (cut_off_days between 0 and 7),
    CONSTRAINT ck_kitchen_round CHECK (most_stops > 0 and most_servings > 0)
);

CREATE TABLE menu_week (
    community_id TEXT NOT NULL,
    monday DATE NOT NULL,
    revision INTEGER DEFAULT '1' NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE,
    changed_by UUID,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_menu_week PRIMARY KEY (community_id, monday),
    CONSTRAINT fk_menu_week_community_id_changed_by FOREIGN KEY(community_id, changed_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_menu_week_monday CHECK (extract(isodow from monday) = 1)
);

CREATE TABLE menu_dish (
    community_id TEXT NOT NULL,
    day DATE NOT NULL,
    place SMALLINT NOT NULL,
    monday DATE NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    allergens TEXT[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_menu_dish PRIMARY KEY (community_id, day, place),
    CONSTRAINT fk_menu_dish_community_id_monday FOREIGN KEY(community_id, monday) REFERENCES menu_week (community_id, monday),
    CONSTRAINT ck_menu_dish_week CHECK (day between monday and monday + 6)
);

CREATE TABLE meal_rule (
    community_id TEXT NOT NULL,
    rule_id UUID NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    from_age SMALLINT NOT NULL,
    price_fen INTEGER NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE,
    window_from TIME WITHOUT TIME ZONE,
    window_to TIME WITHOUT TIME ZONE,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_meal_rule PRIMARY KEY (community_id, rule_id),
    CONSTRAINT fk_meal_rule_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_meal_rule_age CHECK (from_age between 0 and 130),
    CONSTRAINT ck_meal_rule_price CHECK (price_fen between 0 and 100000),
    CONSTRAINT ck_meal_rule_days CHECK (last_day is null or last_day >= first_day - 1),
    CONSTRAINT ck_meal_rule_window CHECK ((window_from is null) = (window_to is null))
);

CREATE INDEX ix_meal_rule_age ON meal_rule (community_id, from_age, first_day);

CREATE TABLE meal_subscription (
    community_id TEXT NOT NULL,
    subscription_id UUID NOT NULL,
    person_id UUID,
    resident_id UUID,
    contact BYTEA,
    diet BYTEA,
    birth_year SMALLINT,
    building_id UUID,
    geom geometry(POINT,4326),
    micro_grid_code TEXT,
    servings SMALLINT NOT NULL,
    weekdays SMALLINT[] NOT NULL,
    way TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE,
    source TEXT NOT NULL,
    consent_version TEXT,
    consent_at TIMESTAMP WITH TIME ZONE,
    revision INTEGER DEFAULT '1' NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    erased_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_meal_subscription PRIMARY KEY (community_id, subscription_id),
    CONSTRAINT fk_meal_subscription_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_meal_subscription_community_id_resident_id FOREIGN KEY(community_id, resident_id) REFERENCES resident (community_id, resident_id),
    CONSTRAINT fk_meal_subscription_community_id_building_id FOREIGN KEY(community_id, building_id) REFERENCES building (community_id, building_id),
    CONSTRAINT fk_meal_subscription_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_meal_subscription_way CHECK (way in ('collect','deliver')),
    CONSTRAINT ck_meal_subscription_place CHECK (way = 'collect' or geom is not null),
    CONSTRAINT ck_meal_subscription_servings CHECK (servings between 1 and 20),
    CONSTRAINT ck_meal_subscription_source CHECK (source in ('self','desk','phone')),
    CONSTRAINT ck_meal_subscription_days CHECK (last_day is null or last_day >= first_day - 1),
    CONSTRAINT ck_meal_subscription_consent CHECK (diet is null or consent_version is not null),
    CONSTRAINT ck_meal_subscription_erased CHECK ((erased_at is null) = (contact is not null) and (erased_at is null or (diet is null and birth_year is null and building_id is null and geom is null and person_id is null and resident_id is null)))
);

CREATE INDEX ix_meal_subscription_days ON meal_subscription (community_id, last_day, first_day);

CREATE INDEX ix_meal_subscription_person ON meal_subscription (community_id, person_id);

CREATE INDEX ix_meal_subscription_resident ON meal_subscription (community_id, resident_id);

CREATE TABLE meal_pause (
    community_id TEXT NOT NULL,
    pause_id UUID NOT NULL,
    subscription_id UUID NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_meal_pause PRIMARY KEY (community_id, pause_id),
    CONSTRAINT fk_meal_pause_community_id_subscription_id FOREIGN KEY(community_id, subscription_id) REFERENCES meal_subscription (community_id, subscription_id),
    CONSTRAINT fk_meal_pause_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT ck_meal_pause_days CHECK (last_day >= first_day)
);

CREATE INDEX ix_meal_pause_subscription ON meal_pause (community_id, subscription_id, last_day);

CREATE TABLE meal_round (
    community_id TEXT NOT NULL,
    round_id UUID NOT NULL,
    day DATE NOT NULL,
    number SMALLINT NOT NULL,
    case_id UUID,
    stops SMALLINT NOT NULL,
    servings INTEGER NOT NULL,
    travel_s FLOAT NOT NULL,
    distance_m FLOAT NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_meal_round PRIMARY KEY (community_id, round_id),
    CONSTRAINT fk_meal_round_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT fk_meal_round_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id)
);

CREATE UNIQUE INDEX uq_meal_round_case ON meal_round (community_id, case_id) WHERE case_id is not null;

CREATE UNIQUE INDEX uq_meal_round_number ON meal_round (community_id, day, number);

CREATE TABLE meal_serving (
    community_id TEXT NOT NULL,
    day DATE NOT NULL,
    subscription_id UUID NOT NULL,
    box SMALLINT NOT NULL,
    servings SMALLINT NOT NULL,
    way TEXT NOT NULL,
    special BOOLEAN NOT NULL,
    price_fen INTEGER NOT NULL,
    rule_id UUID,
    state TEXT DEFAULT 'ordered' NOT NULL,
    at TIMESTAMP WITH TIME ZONE,
    by UUID,
    round_id UUID,
    stop SMALLINT,
    case_id UUID,
    CONSTRAINT pk_meal_serving PRIMARY KEY (community_id, day, subscription_id),
    CONSTRAINT fk_meal_serving_community_id_subscription_id FOREIGN KEY(community_id, subscription_id) REFERENCES meal_subscription (community_id, subscription_id),
    CONSTRAINT fk_meal_serving_community_id_rule_id FOREIGN KEY(community_id, rule_id) REFERENCES meal_rule (community_id, rule_id),
    CONSTRAINT fk_meal_serving_community_id_round_id FOREIGN KEY(community_id, round_id) REFERENCES meal_round (community_id, round_id),
    CONSTRAINT fk_meal_serving_community_id_by FOREIGN KEY(community_id, by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_meal_serving_community_id_case_id FOREIGN KEY(community_id, case_id) REFERENCES "case" (community_id, case_id),
    CONSTRAINT ck_meal_serving_way CHECK (way in ('collect','deliver')),
    CONSTRAINT ck_meal_serving_state CHECK (state in ('ordered','collected','delivered','not_home','cancelled')),
    CONSTRAINT ck_meal_serving_amount CHECK (servings > 0 and price_fen >= 0),
    CONSTRAINT ck_meal_serving_stop CHECK ((round_id is null) = (stop is null))
);

CREATE INDEX ix_meal_serving_case ON meal_serving (community_id, case_id) WHERE case_id is not null;

CREATE INDEX ix_meal_serving_round ON meal_serving (community_id, round_id, stop) WHERE round_id is not null;

CREATE INDEX ix_meal_serving_subscription ON meal_serving (community_id, subscription_id, day);

CREATE TABLE meal_crew (
    community_id TEXT NOT NULL,
    day DATE NOT NULL,
    person_id UUID NOT NULL,
    job TEXT NOT NULL,
    hours FLOAT,
    service_id UUID,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_meal_crew PRIMARY KEY (community_id, day, person_id),
    CONSTRAINT fk_meal_crew_community_id_person_id FOREIGN KEY(community_id, person_id) REFERENCES person (community_id, person_id) ON DELETE CASCADE,
    CONSTRAINT fk_meal_crew_community_id_created_by FOREIGN KEY(community_id, created_by) REFERENCES person (community_id, person_id),
    CONSTRAINT fk_meal_crew_community_id_service_id FOREIGN KEY(community_id, service_id) REFERENCES service (community_id, service_id),
    CONSTRAINT ck_meal_crew_job CHECK (job in ('cook','pack','serve'))
);

CREATE INDEX ix_meal_crew_person ON meal_crew (community_id, person_id, day);
