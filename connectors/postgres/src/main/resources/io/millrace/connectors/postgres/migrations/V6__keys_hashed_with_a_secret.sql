-- What keys are hashed with, the same for every process that loads into this database: whoever does not know it can neither
-- make two keys with one hash nor find a key by trying. 122 of its bits are random.
CREATE TABLE millrace.key_hashing (
    secret bytea NOT NULL CHECK (octet_length(secret) = 16)
);
INSERT INTO millrace.key_hashing (secret) VALUES (uuid_send(gen_random_uuid()));

-- Keys that were remembered before have another hash and another length.
TRUNCATE millrace.remembered;
