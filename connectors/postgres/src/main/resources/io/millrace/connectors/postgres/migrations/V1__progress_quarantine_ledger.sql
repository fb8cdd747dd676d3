-- How far each split of each pipeline has come. Changed by compare-and-set in the transaction that loads the rows.
CREATE TABLE millrace.progress (
    pipeline   text        NOT NULL,
    split      text        NOT NULL,
    "offset"   text        NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pipeline, split)
) WITH (fillfactor = 50);

-- Which process works on which split; '*' for all of a pipeline. Results are exact without it.
CREATE TABLE millrace.lease (
    pipeline   text        NOT NULL,
    split      text        NOT NULL,
    holder     text        NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (pipeline, split)
) WITH (fillfactor = 50);

-- Records that could not be loaded, by identity: writing one twice is writing it once.
CREATE TABLE millrace.quarantine (
    pipeline   text        NOT NULL,
    split      text        NOT NULL,
    position   text        NOT NULL,
    stage      text        NOT NULL,
    code       text        NOT NULL,
    field      text,
    message    text        NOT NULL,
    raw        bytea       NOT NULL,
    run        text        NOT NULL,
    first_seen timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pipeline, split, position)
);

CREATE SEQUENCE millrace.commit_number;

-- What became of the records of each commit, split by split. Commits of an hour ago and earlier are put together, those
-- of a minute in one row, or a pipeline that goes on for months would have more of a ledger than of a table.
CREATE TABLE millrace.ledger (
    pipeline      text        NOT NULL,
    split         text        NOT NULL,
    commit_number bigint      NOT NULL,
    run           text        NOT NULL,
    from_offset   text,
    to_offset     text        NOT NULL,
    received      bigint      NOT NULL CHECK (received >= 0),
    loaded        bigint      NOT NULL CHECK (loaded >= 0),
    filtered      bigint      NOT NULL CHECK (filtered >= 0),
    quarantined   bigint      NOT NULL CHECK (quarantined >= 0),
    committed_at  timestamptz NOT NULL DEFAULT now(),
    commits       integer     NOT NULL DEFAULT 1 CHECK (commits > 0),
    PRIMARY KEY (pipeline, split, commit_number),
    CONSTRAINT ledger_balances CHECK (received = loaded + filtered + quarantined)
);
