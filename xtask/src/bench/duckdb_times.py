"""Times of the named queries in DuckDB on the Parquet file, two threads: medians in ms as JSON.

duckdb_times.py QUERIES.sql MORE_QUERIES DATA_FOLDER ORDERS ROUNDS q01 q02 …, where MORE_QUERIES is SQL, not a file
"""
import json
import re
import statistics
import sys
import time
from pathlib import Path

import duckdb

text, folder, orders, rounds = Path(sys.argv[1]).read_text() + "\n" + sys.argv[2], Path(sys.argv[3]), sys.argv[4], int(sys.argv[5])
names = sys.argv[6:]
parts = re.split(r"^-- (q\d\d)[^\n]*\n", text, flags=re.M)
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
