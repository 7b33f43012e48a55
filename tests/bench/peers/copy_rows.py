#!/usr/bin/python3
"""copy_rows.py FOLDER: json to rows, COPY into a temp table a file, from there INSERT … ON CONFLICT."""
import datetime
import json
import pathlib
import sys

import psycopg

COLUMNS = "account, wamid, thread, direction, sent_at, type, body, status"
NO_MESSAGES = {"edit", "revoke", "reaction"}


def items(value):
    """Messages with their thread."""
    for history in value.get("history", ()):
        for thread in history.get("threads", ()):
            for message in thread["messages"]:
                yield thread["id"], message
    for message in value.get("messages", ()):
        yield message["from"], message
    for message in value.get("message_echoes", ()):
        yield message["to"], message


def rows(document):
    for entry in document["entry"]:
        for change in entry["changes"]:
            value = change["value"]
            account = value["metadata"]["phone_number_id"]
            business = value["metadata"]["display_phone_number"]
            for thread, message in items(value):
                kind = message["type"]
                if kind in NO_MESSAGES:
                    continue
                content = message.get(kind)
                content = content if isinstance(content, dict) else {}
                status = message.get("history_context", {}).get("status")
                yield (
                    account,
                    message["id"],
                    thread,
                    "outbound" if message["from"] == business else "inbound",
                    datetime.datetime.fromtimestamp(int(message["timestamp"]), datetime.timezone.utc),
                    kind,
                    content.get("body") if kind == "text" else content.get("caption"),
                    status and status.lower(),
                )


def load(connection, path):
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE stage (LIKE message) ON COMMIT DROP")
        with cursor.copy(f"COPY stage ({COLUMNS}) FROM STDIN") as copy, open(path, "rb") as lines:
            for line in lines:
                for row in rows(json.loads(line)):
                    copy.write_row(row)
        cursor.execute(f"INSERT INTO message ({COLUMNS}) SELECT {COLUMNS} FROM stage ON CONFLICT DO NOTHING")


with psycopg.connect(autocommit=True) as db:
    for name in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        load(db, name)
