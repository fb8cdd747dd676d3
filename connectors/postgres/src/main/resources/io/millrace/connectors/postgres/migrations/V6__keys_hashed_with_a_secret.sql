-- What keys are hashed with, the same for every process that loads into this database: whoever does not know it can neither
-- make two keys with one hash nor find a key by trying. 122 of its bits are random.
CREATE TABLE millrace.key_hashing (
    secret bytea NOT NULL CHECK (octet_length(secret) = 16)
);
INSERT INTO millrace.key_hashing (secret) VALUES (uuid_send(gen_random_uuid()));

-- Keys that were remembered before have another hash and another length.
TRUNCATE millrace.remembered;

-- A block has as many rows as it takes pages: to write and read them so takes half as long as cut up by TOAST.
ALTER TABLE millrace.remembered
    DROP CONSTRAINT remembered_pkey,
    ALTER COLUMN keys SET STORAGE PLAIN;
CREATE INDEX remembered_by_number ON millrace.remembered (pipeline, number);
