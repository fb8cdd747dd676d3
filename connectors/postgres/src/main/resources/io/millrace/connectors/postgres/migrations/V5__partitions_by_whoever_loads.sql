-- Makes the partitions of millrace.remembered that commits of today and tomorrow need, and drops those of days that are
-- over, by the clock of the server. Only the owner of a table may do that, so it is done as the owner of this function:
-- a user that loads needs no more rights for it than for its rows.
CREATE FUNCTION millrace.renew_remembered(within_days integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date;
    day   date;
    name  text;
BEGIN
    -- "MILP", the lock under which partitions are made and dropped. What follows sees what it has waited for.
    PERFORM pg_advisory_xact_lock(1296649296, 0);
    today := (clock_timestamp() AT TIME ZONE 'UTC')::date;
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'millrace.remembered'::regclass AND right(c.relname, 8)::date < today
    LOOP
        EXECUTE format('DROP TABLE millrace.%I', name);
    END LOOP;
    FOR ahead IN 0..2 LOOP
        day := today + within_days + ahead;
        name := 'remembered_until_' || to_char(day, 'YYYYMMDD');
        IF to_regclass('millrace.' || name) IS NULL THEN
            EXECUTE format('CREATE TABLE millrace.%I PARTITION OF millrace.remembered FOR VALUES FROM (%L) TO (%L)',
                           name, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
        END IF;
    END LOOP;
END
$$;
