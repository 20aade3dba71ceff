"""Runs the harness of the semantic cases with their rows in MariaDB, where it would have them in PostgreSQL.

on_mariadb.py HARNESS [arguments of the harness, with --engine postgres and --pg mysql://USER@HOST:PORT]
"""

import os
import sys
import urllib.parse
import uuid

import pymysql

TYPES = {
    "string": "text",
    "integer": "bigint",
    "number": "double",
    "decimal": "decimal(38, 10)",
    "boolean": "tinyint(1)",
    "date": "date",
    "timestamp": "datetime(6)",
    "timestamptz": "timestamp(6) NULL",
}


def load_mariadb(api, oracle, address):
    at = urllib.parse.urlsplit(address)
    database = "oracle_" + uuid.uuid4().hex[:8]
    place = {"host": at.hostname, "port": at.port, "user": at.username, "password": at.password or ""}
    connection = pymysql.connect(**place, charset="utf8mb4", autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("SET time_zone = '+00:00'")
        cursor.execute(f"CREATE DATABASE {database} CHARACTER SET utf8mb4")
        cursor.execute(f"USE {database}")
        for table, types in oracle.types.items():
            header, rows = oracle.rows(table)
            columns = ", ".join(f"`{name}` {TYPES[types[name]]}" for name in header)
            cursor.execute(f"CREATE TABLE `{table}` ({columns})")
            kinds = [types[name] for name in header]
            rows = [[stored(value, kind) for value, kind in zip(row, kinds)] for row in rows]
            if rows:
                cursor.executemany(f"INSERT INTO `{table}` VALUES ({', '.join(['%s'] * len(header))})", rows)
    connection.close()
    document = {"name": database, "kind": "mysql", "database": database, "tls": "off", **place}
    made = api.must("POST", "/connections", document)
    return lambda table: {"source": {"table": table["source"]["dataset"]}, "connection": made["id"]}


def stored(value, kind):
    if value is None:
        return None
    if kind == "boolean":
        return int(value == "true")
    if kind == "timestamptz":
        return value.replace("T", " ").replace("Z", "").replace("+00:00", "")
    return value


harness = sys.argv.pop(1)
sys.path.insert(0, os.path.dirname(harness))
import run  # noqa: E402

run.load_postgres = load_mariadb
sys.exit(run.main())
