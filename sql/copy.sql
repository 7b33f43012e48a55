-- template: {relation} {columns} are filled in by store/relations.c
-- New keys go straight into the table.
COPY coexsync.{relation} ({columns}) FROM STDIN (FORMAT binary)
