-- Records can be found to repeat others, or be given up, and those in the quarantine can leave it: an entry that moves no
-- offset corrects what was said of records before.
ALTER TABLE millrace.ledger
    ADD COLUMN deduplicated bigint NOT NULL DEFAULT 0 CHECK (deduplicated >= 0),
    ADD COLUMN dropped bigint NOT NULL DEFAULT 0 CHECK (dropped >= 0),
    ALTER COLUMN to_offset DROP NOT NULL,
    DROP CONSTRAINT ledger_quarantined_check,
    DROP CONSTRAINT ledger_balances,
    ADD CONSTRAINT ledger_corrections CHECK (quarantined >= 0 OR to_offset IS NULL),
    ADD CONSTRAINT ledger_balances
        CHECK (received = loaded + filtered + deduplicated + quarantined + dropped);

-- The order in which records came into the quarantine, for going through it page by page.
ALTER TABLE millrace.quarantine ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX quarantine_by_number ON millrace.quarantine (pipeline, number);
CREATE INDEX quarantine_by_code ON millrace.quarantine (pipeline, code, number);
