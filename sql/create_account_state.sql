-- What a dry run compares: what is there before it, and after.
CREATE TEMP TABLE account_state (
    account_id integer NOT NULL,
    is_after boolean NOT NULL,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C"
) ON COMMIT DROP
