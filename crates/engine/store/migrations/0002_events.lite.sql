-- What events are asked about has an index each; most events are about few things, so the indexes
-- leave out those that are about nothing of the kind.

CREATE INDEX event_app_user ON event (app_user, id) WHERE app_user IS NOT NULL;
CREATE INDEX event_app_user_name ON event (app_user_name, id) WHERE app_user_name IS NOT NULL;
CREATE INDEX event_cluster ON event (cluster, id) WHERE cluster IS NOT NULL;
CREATE INDEX event_data_center ON event (data_center, id) WHERE data_center IS NOT NULL;
CREATE INDEX event_storage_domain ON event (storage_domain, id) WHERE storage_domain IS NOT NULL;
CREATE INDEX event_template ON event (template, id) WHERE template IS NOT NULL;
CREATE INDEX event_disk ON event (disk, id) WHERE disk IS NOT NULL;
