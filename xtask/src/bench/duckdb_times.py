"""Times of the named queries in DuckDB on the Parquet file, two threads: medians in ms as JSON.

duckdb_times.py QUERIES.sql DATA_FOLDER ORDERS ROUNDS q01 q02 …
"""
import json
import re
import statistics
import sys
import time
from pathlib import Path

import duckdb

source, folder, orders, rounds = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
names = sys.argv[5:]
parts = re.split(r"^-- (q\d\d)[^\n]*\n", source.read_text(), flags=re.M)
queries = dict(zip(parts[1::2], parts[2::2]))
connection = duckdb.connect(config={"threads": 2})
for table, file in (("orders", orders), ("customers", "customers"), ("products", "products")):
    connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{folder / file}.parquet'")
medians = {}
for name in names:
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        connection.sql(queries[name].strip().rstrip(";")).to_arrow_table()
        times.append((time.perf_counter() - start) * 1e3)
    medians[name] = statistics.median(times[1:])
print(json.dumps(medians))
