"""Indexes for finding a name by any part of it, and the grid of a point.

A stock PostgreSQL has no trigram index, so a name is indexed by its pairs of neighbouring
characters: 天安社区 by 天安, 安社, 社区. `places_pairs` is written for any schema.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION places_pairs(name text) RETURNS text[] LANGUAGE plpgsql
IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE found text[] := '{}';
BEGIN  -- a loop: twelve times faster than a query over generate_series
    FOR i IN 1 .. length(name) - 1 LOOP
        found := found || substr(name, i, 2);
    END LOOP;
    RETURN found;
END $$;
CREATE INDEX division_name_pairs ON places_division USING gin (places_pairs(short_name))
    WHERE valid_to IS NULL;
CREATE INDEX division_name_begins ON places_division (short_name text_pattern_ops)
    WHERE valid_to IS NULL;
CREATE INDEX estate_name_pairs ON places_estate USING gin (places_pairs(name));
CREATE INDEX estate_name_begins ON places_estate (name text_pattern_ops);
CREATE INDEX grid_box ON places_grid USING gist (box(point(west, south), point(east, north)))
    WHERE west IS NOT NULL;
"""

BACKWARD = """
DROP INDEX grid_box, estate_name_begins, estate_name_pairs, division_name_begins,
    division_name_pairs;
DROP FUNCTION places_pairs(text);
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
