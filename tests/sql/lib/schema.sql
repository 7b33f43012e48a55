CREATE SCHEMA coexsync;
