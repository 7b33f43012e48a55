-- needs: schema
CREATE TABLE IF NOT EXISTS coexsync.schema_migration (
    version integer PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    sha256 bytea NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    tool_version text NOT NULL
)
