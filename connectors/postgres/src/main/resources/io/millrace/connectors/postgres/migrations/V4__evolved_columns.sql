-- The columns that a pipeline has added to its table for fields that its contract does not name. A type is decided once.
CREATE TABLE millrace.evolved_column (
    pipeline text        NOT NULL,
    name     text        NOT NULL,
    type     text        NOT NULL,
    number   bigint      GENERATED ALWAYS AS IDENTITY,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pipeline, name)
);
