-- Events in ranges of their numbers, so that old ones go with their whole range. Nothing is lost
-- here: the store spoke to PostgreSQL for the first time with this version.

DROP TABLE event;
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
) PARTITION BY RANGE (id);
CREATE INDEX event_code ON event (code, id);
CREATE INDEX event_severity ON event (severity, id);
CREATE INDEX event_at ON event (at);
CREATE INDEX event_correlation ON event (correlation_id, id);
CREATE INDEX event_vm ON event (vm, id);
CREATE INDEX event_host ON event (host, id);
CREATE INDEX event_app_user ON event (app_user, id) WHERE app_user IS NOT NULL;
CREATE INDEX event_app_user_name ON event (app_user_name, id) WHERE app_user_name IS NOT NULL;
CREATE INDEX event_cluster ON event (cluster, id) WHERE cluster IS NOT NULL;
CREATE INDEX event_data_center ON event (data_center, id) WHERE data_center IS NOT NULL;
CREATE INDEX event_storage_domain ON event (storage_domain, id) WHERE storage_domain IS NOT NULL;
CREATE INDEX event_template ON event (template, id) WHERE template IS NOT NULL;
CREATE INDEX event_disk ON event (disk, id) WHERE disk IS NOT NULL;
