-- The table that the peers fill: what a web application keeps of a message, with the key and the
-- index of coexsync.message. Nothing else is kept: no contents other than text, no events, no ledger.
CREATE TABLE message (
    account text COLLATE "C" NOT NULL,
    wamid text COLLATE "C" NOT NULL,
    thread text COLLATE "C",
    direction text COLLATE "C" NOT NULL,
    sent_at timestamptz NOT NULL,
    type text COLLATE "C" NOT NULL,
    body text,
    status text COLLATE "C",
    PRIMARY KEY (account, wamid)
);
CREATE INDEX ON message (account, thread, sent_at);
