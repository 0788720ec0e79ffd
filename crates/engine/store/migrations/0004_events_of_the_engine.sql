-- Events from before there was a number of other programs have none: 0, as the engine's own do.

UPDATE event SET custom_id = 0 WHERE custom_id IS NULL;
