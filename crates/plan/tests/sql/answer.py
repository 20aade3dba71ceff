"""A database behind a pipe: one JSON text of SQL per line in, one JSON answer per line out.

answer.py sqlite | duckdb | mariadb
"""

import datetime
import decimal
import json
import math
import os
import sys
import urllib.parse


def connect(name):
    if name == "sqlite":
        import sqlite3

        return sqlite3.connect(":memory:", isolation_level=None).cursor()
    if name == "duckdb":
        import duckdb

        connection = duckdb.connect()
        # Not the zone of any test: nothing may depend on the session's.
        connection.execute("SET TimeZone = 'Asia/Kathmandu'")
        return connection
    import pymysql

    at = urllib.parse.urlsplit(os.environ["SIGHTLINE_TEST_MARIADB"])
    connection = pymysql.connect(
        host=at.hostname, port=at.port, user=at.username, password=at.password or "", charset="utf8mb4", autocommit=True
    )
    cursor = connection.cursor()
    database = f"planner_{os.getpid()}"
    cursor.execute(f"CREATE DATABASE {database} CHARACTER SET utf8mb4")
    cursor.execute(f"USE {database}")
    cursor.execute("SET time_zone = '+00:00'")
    # As connections have it.
    cursor.execute("SET sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_UNSIGNED_SUBTRACTION'")
    return cursor


def plain(value):
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, bytes):
        return value.decode()
    return value


cursor = connect(sys.argv[1])
for line in sys.stdin:
    try:
        cursor.execute(json.loads(line))
        rows = cursor.fetchall() if cursor.description else []
        answer = {"rows": [[plain(value) for value in row] for row in rows]}
    except Exception as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
