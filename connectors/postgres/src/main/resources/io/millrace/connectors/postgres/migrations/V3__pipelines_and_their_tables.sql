-- Which table a pipeline fills, and how the table's rows tell the number of records that took part in them, so that what
-- the ledger says can be checked against the table.
--
-- What the table must count is, over all pipelines that fill it, the sum of
--   before + (left_at or, where that is null, the records that the ledger says were loaded) - elsewhere
CREATE TABLE millrace.pipeline (
    pipeline        text        NOT NULL,
    table_schema    text        NOT NULL,
    table_name      text        NOT NULL,
    -- null where the rows don't tell the number of records
    counting        text        CHECK (counting IN ('column', 'rows', 'rows_at_most')),
    counting_column text,
    -- what the table counted when the first of its pipelines came; 0 with the others
    before          bigint      NOT NULL,
    -- records that the pipeline has loaded into other tables, or before this was kept
    elsewhere       bigint      NOT NULL,
    -- what the pipeline had loaded when it went on to another table
    left_at         bigint,
    since           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pipeline, table_schema, table_name),
    CONSTRAINT pipeline_counting_column CHECK ((counting_column IS NULL) = (counting IS DISTINCT FROM 'column'))
);
CREATE INDEX pipeline_by_table ON millrace.pipeline (table_schema, table_name);
