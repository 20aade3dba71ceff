# Other statements
not_a_query | ATTACH DATABASE '/tmp/x.db' AS x
not_a_query | ATTACH '/tmp/x.db' AS x
not_a_query | DETACH main
not_a_query | VACUUM
not_a_query | VACUUM INTO '/tmp/x.db'
not_a_query | PRAGMA query_only = OFF
not_a_query | PRAGMA writable_schema = 1
not_a_query | PRAGMA table_info(orders)
not_a_query | REINDEX
not_a_query | ANALYZE
not_a_query | BEGIN EXCLUSIVE
not_a_query | SAVEPOINT x
not_a_query | INSERT OR REPLACE INTO orders VALUES (1)
not_a_query | REPLACE INTO orders VALUES (1)
not_a_query | DELETE FROM orders
not_a_query | CREATE VIRTUAL TABLE x USING fts5(a)
several_statements | CREATE TRIGGER x AFTER INSERT ON orders BEGIN SELECT 1; END
not_a_query | DROP TABLE orders
not_a_query | EXPLAIN QUERY PLAN SELECT 1
not_a_query | .shell id
not_a_query | .read /etc/passwd
several_statements | SELECT 1; ATTACH '/tmp/x' AS x
several_statements | SELECT 1; PRAGMA query_only = OFF; DELETE FROM orders
several_statements | SELECT 'a\'; DROP TABLE orders; --'
several_statements | SELECT 1 /* /* */; DROP TABLE orders
write | WITH x AS (SELECT 1) INSERT INTO orders SELECT * FROM x
write | WITH x AS (SELECT 1) DELETE FROM orders
write | WITH x AS (SELECT 1) UPDATE orders SET a = 1
# Functions
function | SELECT load_extension('/tmp/x.so')
function | SELECT LOAD_EXTENSION('/tmp/x.so')
function | SELECT "load_extension"('/tmp/x.so')
function | SELECT [load_extension]('/tmp/x.so')
function | SELECT `load_extension`('/tmp/x.so')
function | SELECT main.load_extension('/tmp/x.so')
function | SELECT readfile('/etc/passwd')
function | SELECT writefile('/tmp/x', 'y')
function | SELECT edit('x')
function | SELECT fts3_tokenizer('simple')
function | SELECT fts3_tokenizer('x', X'0011223344556677')
function | SELECT zeroblob(2147483647)
function | SELECT randomblob(1000000000)
function | SELECT hex(zeroblob(1000000000))
function | SELECT printf('%1000000000d', 1)
function | SELECT format('%*d', 1000000000, 1)
function | SELECT sqlite_version()
function | SELECT sqlite_source_id()
function | SELECT sqlite_compileoption_get(0)
function | SELECT last_insert_rowid()
function | SELECT changes()
function | SELECT eval('DELETE FROM orders')
function | SELECT sqlar_uncompress('x', 1)
function | SELECT lsmode('x')
function | SELECT sha3_query('SELECT 1')
function | SELECT * FROM orders WHERE load_extension('x') IS NULL
function | SELECT * FROM orders ORDER BY writefile('/tmp/x', a)
function | SELECT count(*) FILTER (WHERE readfile('x') > 0) FROM orders
function | SELECT sleep(10)
function | SELECT likely(1)
function | SELECT matchinfo(orders) FROM orders
function | SELECT CURRENT_USER
# Functions in FROM
table_function | SELECT * FROM pragma_table_info('orders')
table_function | SELECT * FROM pragma_database_list()
table_function | SELECT * FROM fsdir('/')
table_function | SELECT * FROM readfile('/etc/passwd')
table_function | SELECT * FROM generate_series(1, 1000000000)
table_function | SELECT * FROM sqlite_dbpage('main')
table_function | SELECT * FROM zipfile('/tmp/x.zip')
table_function | SELECT * FROM csv('/etc/passwd')
# Tables
system_relation | SELECT * FROM pragma_database_list
system_relation | SELECT * FROM pragma_function_list
system_relation | SELECT * FROM sqlite_master
system_relation | SELECT * FROM SQLITE_MASTER
system_relation | SELECT * FROM "sqlite_master"
system_relation | SELECT * FROM [sqlite_schema]
system_relation | SELECT * FROM main.sqlite_master
system_relation | SELECT * FROM temp.sqlite_master
system_relation | SELECT * FROM sqlite_temp_master
system_relation | SELECT * FROM sqlite_sequence
system_relation | SELECT * FROM sqlite_stat1
system_relation | SELECT * FROM dbstat
system_relation | SELECT (SELECT sql FROM sqlite_master LIMIT 1)
system_relation | SELECT * FROM temp.orders
unknown_relation | SELECT * FROM secrets
unknown_relation | SELECT * FROM other.orders
unknown_relation | SELECT * FROM main.secrets
unknown_relation | SELECT * FROM json_each
unknown_relation | SELECT * FROM orders_fts
unknown_relation | WITH secrets AS (SELECT * FROM secrets) SELECT 1
unknown_relation | WITH x AS (SELECT 1 UNION ALL SELECT 1 FROM x) SELECT * FROM x
hint | SELECT * FROM orders INDEXED BY x
hint | SELECT * FROM orders NOT INDEXED
# Variables
variable | SELECT ?
variable | SELECT ?1
variable | SELECT :a
variable | SELECT @a
variable | SELECT $a
# Casts, bombs
cast_type | SELECT CAST('x' AS evil)
recursion | WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT count(*) FROM x
recursion | WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x LIMIT 100000000) SELECT count(*) FROM x
recursion | WITH RECURSIVE x(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM x WHERE n < 10) SELECT count(*) FROM x
unconditioned_joins | SELECT count(*) FROM orders a, orders b, orders c, orders d, orders e
unconditioned_joins | SELECT 1 FROM orders a JOIN orders b JOIN orders c JOIN orders d JOIN orders e
too_deep | SELECT {10000*(}1{10000*)}
too_deep | SELECT 1{20000*+1}
too_deep | SELECT '' {8000*||''}
too_deep | SELECT {2000*coalesce(1,}1{2000*)}
too_deep | SELECT 1 {3000*UNION ALL SELECT 1 }
too_deep | SELECT * FROM {80*(SELECT * FROM }orders{80*)}
too_long | SELECT X'{70000*0}'
# Characters and what cannot be read
character | SELECT 1{U+0000}; DROP TABLE orders
character | SELECT 'a{U+0000}b'
character | SELECT{U+00A0}1
executable_comment | SELECT 1 /*! , load_extension('x') */
unreadable | SELECT 'open
unreadable | SELECT [open FROM orders
unreadable | SELECT 1 FROM orders WHERE
escaped_name | SELECT "a""b" FROM orders
