-- The spine: one table per noun, what they claim, durable work, events and the change feed.
-- Dialect subset of store/README.md: the same text runs on SQLite and PostgreSQL.

CREATE TABLE data_center (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE mac_pool (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE cluster (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE network (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE vnic_profile (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE host (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE storage_domain (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE disk (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE template (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE vm (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE app_user (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);

CREATE TABLE claim (
    space TEXT NOT NULL,
    value TEXT NOT NULL,
    owner_noun TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    PRIMARY KEY (space, value)
);
CREATE INDEX claim_owner ON claim (owner_id, owner_noun);

CREATE TABLE workflow (
    id TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    kind TEXT NOT NULL,
    is_over SMALLINT NOT NULL,
    started BIGINT NOT NULL,
    detail TEXT NOT NULL
);

CREATE TABLE event (
    id BIGINT NOT NULL PRIMARY KEY,
    code INTEGER NOT NULL,
    severity SMALLINT NOT NULL,
    at BIGINT NOT NULL,
    message TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    app_user TEXT,
    app_user_name TEXT,
    vm TEXT,
    host TEXT,
    cluster TEXT,
    data_center TEXT,
    storage_domain TEXT,
    template TEXT,
    disk TEXT
);
CREATE INDEX event_code ON event (code, id);
CREATE INDEX event_severity ON event (severity, id);
CREATE INDEX event_at ON event (at);
CREATE INDEX event_correlation ON event (correlation_id, id);
CREATE INDEX event_vm ON event (vm, id);
CREATE INDEX event_host ON event (host, id);

CREATE TABLE change (
    seq BIGINT NOT NULL PRIMARY KEY,
    noun TEXT NOT NULL,
    id TEXT NOT NULL,
    op TEXT NOT NULL
);
