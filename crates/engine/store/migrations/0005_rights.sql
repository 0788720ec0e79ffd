-- Who may do what: roles that users make, who has which role on what, groups of users.

CREATE TABLE role (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE permission (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE user_group (
    id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL
);

-- From where and with which token it was done.
ALTER TABLE event ADD COLUMN source TEXT;
ALTER TABLE event ADD COLUMN token TEXT;
