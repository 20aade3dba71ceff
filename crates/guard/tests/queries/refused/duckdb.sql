not_a_query | COPY orders TO '/tmp/x.csv'
not_a_query | INSTALL httpfs
not_a_query | LOAD httpfs
not_a_query | ATTACH '/tmp/x.db'
not_a_query | EXPORT DATABASE '/tmp/x'
not_a_query | PRAGMA database_list
not_a_query | SET enable_external_access = true
not_a_query | FROM orders
not_a_query | SUMMARIZE orders
not_a_query | PIVOT orders ON a
table_function | SELECT * FROM read_csv('/etc/passwd')
table_function | SELECT * FROM read_parquet('s3://x')
table_function | SELECT * FROM read_text('/etc/passwd')
table_function | SELECT * FROM glob('/*')
table_function | SELECT * FROM duckdb_settings()
table_function | SELECT * FROM query('SELECT 1')
table_function | SELECT * FROM range(1000000000)
unknown_relation | SELECT * FROM '/etc/passwd'
unknown_relation | SELECT * FROM "/etc/passwd.csv"
unknown_relation | SELECT * FROM 'https://example.com/x.parquet'
system_relation | SELECT * FROM duckdb_secrets
system_relation | SELECT * FROM information_schema.tables
function | SELECT getenv('HOME')
function | SELECT current_setting('x')
function | SELECT nextval('x')
function | SELECT repeat('x', 1000000000)
table_function | SELECT range(1000000000)
