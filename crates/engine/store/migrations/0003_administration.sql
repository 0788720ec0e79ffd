-- What administrators sort and rule with: tags, bookmarks, affinity, scheduling policies, instance
-- types, and what belongs to what. Events from outside know where they come from.

CREATE TABLE tag (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE bookmark (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE affinity_group (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE affinity_label (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE scheduling_policy (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE instance_type (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE membership (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);

ALTER TABLE event ADD COLUMN origin TEXT;
ALTER TABLE event ADD COLUMN custom_id BIGINT;
