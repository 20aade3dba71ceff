# Other statements
not_a_query | DROP TABLE orders
not_a_query | INSERT INTO orders VALUES (1)
not_a_query | UPDATE orders SET a = 1
not_a_query | DELETE FROM orders
not_a_query | TRUNCATE orders
not_a_query | CREATE TABLE x AS SELECT * FROM orders
not_a_query | ALTER TABLE orders ADD COLUMN x int
not_a_query | GRANT ALL ON orders TO public
not_a_query | COPY orders TO '/tmp/x'
not_a_query | COPY orders TO PROGRAM 'id > /tmp/x'
not_a_query | COPY (SELECT * FROM orders) TO STDOUT
not_a_query | COPY orders FROM STDIN
not_a_query | DO $$BEGIN PERFORM pg_sleep(1); END$$
not_a_query | CALL cleanup()
not_a_query | SET statement_timeout = 0
not_a_query | SET ROLE postgres
not_a_query | SET TRANSACTION READ WRITE
not_a_query | RESET ALL
not_a_query | SHOW data_directory
not_a_query | PREPARE p AS DELETE FROM orders
not_a_query | EXECUTE p
not_a_query | DEALLOCATE ALL
not_a_query | DISCARD ALL
not_a_query | EXPLAIN ANALYZE DELETE FROM orders
not_a_query | EXPLAIN SELECT 1
not_a_query | LISTEN channel
not_a_query | NOTIFY channel, 'x'
not_a_query | LOCK TABLE orders IN ACCESS EXCLUSIVE MODE
not_a_query | VACUUM FULL orders
not_a_query | ANALYZE orders
not_a_query | REFRESH MATERIALIZED VIEW x
not_a_query | DECLARE c CURSOR FOR SELECT 1
not_a_query | FETCH ALL FROM c
not_a_query | BEGIN
not_a_query | COMMIT
not_a_query | ROLLBACK
not_a_query | LOAD 'auto_explain'
not_a_query | REINDEX TABLE orders
not_a_query | CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'
not_a_query | IMPORT FOREIGN SCHEMA x FROM SERVER y INTO z
not_a_query | TABLE orders
not_a_query | MERGE INTO orders USING payments ON true WHEN MATCHED THEN DELETE
not_a_query | \copy orders to '/tmp/x'
not_a_query | "SELECT" 1
not_a_query | -- only a comment
not_a_query | ()
# Several statements
several_statements | COMMIT; CREATE TABLE x (a int)
several_statements | SELECT 1; DROP TABLE orders
several_statements | SELECT 1; SELECT 2
several_statements | SELECT 1;;SELECT 2
several_statements | SELECT 1; \gexec
several_statements | SELECT 1 /* ; */ ; /* x */ DELETE FROM orders
several_statements | SELECT $$a$$; DROP TABLE orders; SELECT $$b$$
several_statements | SELECT 'a\'; DROP TABLE orders; --'
several_statements | SELECT E'a\\'; DROP TABLE orders; --'
several_statements | SELECT 1 --{U+000A}; DROP TABLE orders
several_statements | BEGIN; SET TRANSACTION READ WRITE; DELETE FROM orders; COMMIT
# Writes in queries
write | WITH x AS (DELETE FROM orders RETURNING *) SELECT * FROM x
write | WITH x AS (INSERT INTO orders VALUES (1) RETURNING *) SELECT * FROM x
write | WITH x AS (UPDATE orders SET a = 1 RETURNING *) SELECT * FROM x
write | WITH a AS (SELECT 1), b AS (WITH c AS (DELETE FROM orders RETURNING 1) SELECT * FROM c) SELECT * FROM b
write | WITH x AS (SELECT 1) INSERT INTO orders SELECT * FROM x
write | WITH x AS (SELECT 1) DELETE FROM orders
write | WITH x AS (SELECT 1) UPDATE orders SET a = 1
write | SELECT * FROM (WITH x AS (DELETE FROM orders RETURNING *) SELECT * FROM x) y
into | SELECT * INTO stolen FROM orders
into | SELECT * INTO TEMP stolen FROM orders
into | WITH x AS (SELECT 1) SELECT * INTO UNLOGGED stolen FROM x
into | SELECT 1 UNION SELECT 2 INTO stolen
# Locks
lock | SELECT * FROM orders FOR UPDATE
lock | SELECT * FROM orders FOR SHARE
lock | SELECT * FROM orders FOR UPDATE OF orders SKIP LOCKED
lock | SELECT * FROM (SELECT * FROM orders FOR UPDATE NOWAIT) x
unreadable | SELECT * FROM orders FOR NO KEY UPDATE
unreadable | SELECT * FROM orders FOR KEY SHARE
# Variables, hints, odd forms
variable | SELECT $1
variable | SELECT * FROM orders WHERE id = :id
unreadable | SELECT :'name'
unreadable | SELECT * FROM :"name"
unreadable | SELECT 1 \gset
hint | SELECT /*+ SeqScan(orders) */ * FROM orders
construct | SELECT 1 OPERATOR(pg_catalog.+) 1
construct | SELECT a OPERATOR(evil.=) b FROM orders
construct | SELECT * FROM orders ORDER BY a USING <
construct | SELECT * FROM orders TABLESAMPLE SYSTEM (1)
construct | SELECT @ -1
construct | SELECT B'101'
# Functions that act, read files or talk
function | SELECT pg_sleep(10)
function | SELECT PG_SLEEP(10)
function | SELECT pg_catalog.pg_sleep(10)
function | SELECT "pg_sleep"(10)
function | SELECT "pg_catalog"."pg_sleep"(10)
function | SELECT PG_CATALOG . PG_Sleep (10)
function | SELECT pg_sleep/**/(10)
function | SELECT pg_sleep_for('5 minutes')
function | SELECT pg_sleep_until('tomorrow')
function | SELECT * FROM orders WHERE a = 1 OR pg_sleep(10) IS NULL
function | SELECT * FROM orders ORDER BY pg_sleep(1)
function | SELECT * FROM orders GROUP BY pg_sleep(1)
function | SELECT count(*) FILTER (WHERE pg_sleep(1) IS NULL) FROM orders
function | SELECT sum(a) OVER (ORDER BY pg_sleep(1)) FROM orders
function | SELECT sum(a) OVER w FROM orders WINDOW w AS (PARTITION BY pg_sleep(1))
function | SELECT CASE WHEN true THEN pg_sleep(1) END
function | SELECT 1 LIMIT (SELECT pg_sleep(1))
function | SELECT 1 OFFSET length(pg_sleep(1)::text)
function | SELECT DISTINCT ON (pg_sleep(1)) a FROM orders
function | SELECT a FROM orders GROUP BY GROUPING SETS ((pg_sleep(1)))
function | SELECT ARRAY[pg_sleep(1)]
function | SELECT x[pg_sleep(1)] FROM orders
function | SELECT a FROM orders JOIN payments ON orders.id = payments.id AND pg_sleep(1) IS NULL
function | SELECT a IN (1, pg_sleep(1)) FROM orders
function | SELECT EXISTS (SELECT pg_sleep(1))
function | SELECT interval '1 day' * pg_sleep(1)
function | VALUES (pg_sleep(1))
function | SELECT string_agg(a, pg_sleep(1)::text) FROM orders
function | SELECT array_agg(a ORDER BY pg_sleep(1)) FROM orders
function | SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY pg_sleep(1)) FROM orders
function | SELECT pg_read_file('/etc/passwd')
function | SELECT pg_read_binary_file('/etc/passwd')
function | SELECT pg_ls_dir('/')
function | SELECT pg_stat_file('/etc/passwd')
function | SELECT lo_import('/etc/passwd')
function | SELECT lo_export(1, '/tmp/x')
function | SELECT lo_from_bytea(0, 'x')
function | SELECT lo_put(1, 0, 'x')
function | SELECT lo_unlink(1)
function | SELECT lo_create(0)
function | SELECT dblink_exec('host=x', 'DELETE FROM orders')
function | SELECT dblink_connect('host=x')
function | SELECT set_config('statement_timeout', '0', false)
function | SELECT current_setting('data_directory')
function | SELECT pg_terminate_backend(1)
function | SELECT pg_cancel_backend(1)
function | SELECT pg_reload_conf()
function | SELECT pg_notify('c', 'x')
function | SELECT pg_advisory_lock(1)
function | SELECT pg_try_advisory_xact_lock(1)
function | SELECT nextval('orders_id_seq')
function | SELECT setval('orders_id_seq', 1)
function | SELECT query_to_xml('DELETE FROM orders', true, true, '')
function | SELECT table_to_xml('pg_authid', true, true, '')
function | SELECT database_to_xml(true, true, '')
function | SELECT cursor_to_xml('c', 1, true, true, '')
function | SELECT ts_stat('SELECT 1')
function | SELECT version()
function | SELECT inet_server_addr()
function | SELECT current_user
function | SELECT session_user
function | SELECT current_schema
function | SELECT has_table_privilege('orders', 'SELECT')
function | SELECT pg_relation_size('orders')
function | SELECT to_regclass('pg_authid')
function | SELECT pg_get_viewdef('orders')
function | SELECT pg_switch_wal()
function | SELECT pg_create_restore_point('x')
function | SELECT pg_logical_emit_message(true, 'a', 'b')
function | SELECT evil.cleanup()
function | SELECT public.lower('A')
function | SELECT "LOWER"('A')
function | SELECT repeat('x', 1000000000)
function | SELECT lpad('x', 1000000000)
function | SELECT rpad('x', a) FROM orders
function | SELECT array_fill(1, ARRAY[100000, 10000])
function | SELECT format('%1000000000s', 'x')
function | SELECT xpath('/x', '<x/>')
function | SELECT ｐg_sleep(1)
function | SELECT pg_ｓleep(1)
function | SELECT {9000*x}(1)
function | SELECT 1{4000*,nope(1)}
escaped_name | SELECT U&"\0070g_sleep"(10)
escaped_name | SELECT u&"pg_sleep"(10)
escaped_name | SELECT U&"\0061" FROM orders
escaped_name | SELECT "pg""sleep"(1)
escaped_name | SELECT "a\b" FROM orders
# Functions in FROM
table_function | SELECT * FROM pg_ls_dir('/')
table_function | SELECT * FROM dblink('host=x', 'SELECT 1') AS t(a int)
table_function | SELECT * FROM pg_read_file('/etc/passwd')
table_function | SELECT * FROM pg_sleep(1)
table_function | SELECT * FROM lower('a')
table_function | SELECT * FROM pg_catalog.pg_stat_get_activity(NULL)
table_function | SELECT * FROM generate_series(1, 1000000000)
table_function | SELECT * FROM generate_series(1, (SELECT max(id) FROM orders))
table_function | SELECT * FROM generate_series(1, 10, 0)
table_function | SELECT * FROM generate_series(date '2000-01-01', now(), interval '1 day')
table_function | SELECT * FROM generate_series(date '0001-01-01', date '9999-12-31', interval '1 second')
table_function | SELECT * FROM generate_series(1, 50000) a, generate_series(1, 50000) b
table_function | SELECT generate_series(1, 1000000000)
unreadable | SELECT * FROM ROWS FROM (generate_series(1, 10))
table_function | SELECT * FROM LATERAL pg_ls_dir('/')
table_function | SELECT * FROM orders, LATERAL pg_sleep(orders.a)
table_function | SELECT * FROM xmltable('/x' PASSING '<x/>' COLUMNS a int)
# Tables of the database itself, and of others
system_relation | SELECT * FROM pg_authid
system_relation | SELECT * FROM pg_catalog.pg_shadow
system_relation | SELECT * FROM PG_CATALOG.PG_USER
system_relation | SELECT * FROM "pg_catalog"."pg_class"
system_relation | SELECT * FROM information_schema.tables
system_relation | SELECT * FROM pg_stat_activity
system_relation | SELECT * FROM pg_settings
system_relation | SELECT (SELECT rolpassword FROM pg_authid LIMIT 1)
system_relation | SELECT * FROM orders WHERE EXISTS (SELECT 1 FROM pg_shadow)
system_relation | SELECT * FROM pg_temp_3.x
system_relation | WITH pg_x AS (SELECT * FROM pg_authid) SELECT * FROM pg_x
unknown_relation | SELECT * FROM secrets
unknown_relation | SELECT * FROM other.orders
unknown_relation | SELECT * FROM "Orders"
unknown_relation | SELECT * FROM shop.public.orders
unknown_relation | SELECT * FROM orders, secrets
unknown_relation | SELECT * FROM orders UNION ALL SELECT * FROM secrets
unknown_relation | SELECT * FROM orders WHERE a IN (SELECT a FROM secrets)
unknown_relation | WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets
unknown_relation | WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a
unknown_relation | WITH secrets AS (SELECT 1) SELECT * FROM public.secrets
unknown_relation | SELECT * FROM (WITH secrets AS (SELECT 1) SELECT 1) x, secrets
unknown_relation | WITH "Secrets" AS (SELECT 1) SELECT * FROM secrets
unknown_relation | SELECT EXISTS (WITH secrets AS (SELECT 1) SELECT 1) FROM secrets
# Casts
cast_type | SELECT 'pg_authid'::regclass
cast_type | SELECT CAST('pg_sleep' AS regproc)
cast_type | SELECT 'orders'::regclass::oid
cast_type | SELECT regclass 'pg_authid'
cast_type | SELECT '1'::oid
cast_type | SELECT 'x'::regrole
cast_type | SELECT 'x'::pg_catalog.regnamespace
cast_type | SELECT '{pg_authid}'::regclass[]
cast_type | SELECT 'x'::xml
cast_type | SELECT 'x'::evil.kind
cast_type | SELECT '(1,2)'::orders
cast_type | SELECT CAST('x' AS "Evil")
# Bombs
recursion | WITH RECURSIVE x AS (SELECT 1 UNION ALL SELECT 1 FROM x) SELECT * FROM x
recursion | WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT * FROM x
recursion | WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x WHERE n < 1000000000) SELECT * FROM x
recursion | WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n - 1 FROM x WHERE n < 10) SELECT * FROM x
recursion | WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 0 FROM x WHERE n < 10) SELECT * FROM x
recursion | WITH RECURSIVE x(n, m) AS (SELECT 1, 1 UNION ALL SELECT n, m + 1 FROM x WHERE n < 10) SELECT * FROM x
recursion | WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x WHERE n < 10 OR true) SELECT * FROM x
recursion | WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x, orders WHERE n < 60) SELECT * FROM x
recursion | WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x WHERE n < (SELECT max(a) FROM orders)) SELECT * FROM x
recursion | WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL (SELECT n + 1 FROM x WHERE n < 10 UNION ALL SELECT n FROM x)) SELECT * FROM x
recursion | WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x LIMIT 10) SELECT * FROM x
recursion | WITH RECURSIVE x(n) AS (SELECT max(a) FROM orders UNION ALL SELECT n + 1 FROM x WHERE n < 10) SELECT * FROM x
unconditioned_joins | SELECT count(*) FROM orders a, orders b, orders c, orders d, orders e
unconditioned_joins | SELECT count(*) FROM orders a CROSS JOIN orders b CROSS JOIN orders c CROSS JOIN orders d CROSS JOIN orders e
unconditioned_joins | SELECT 1 FROM orders a JOIN orders b ON true JOIN orders c ON 1=1 JOIN orders d ON a.id = a.id JOIN orders e ON 1 < 2
unconditioned_joins | SELECT 1 FROM orders a NATURAL JOIN payments b NATURAL JOIN staff c NATURAL JOIN roles d NATURAL JOIN customers e
unconditioned_joins | SELECT (SELECT count(*) FROM orders a, orders b, orders c) FROM (SELECT 1 FROM orders a, orders b, orders c) x
unconditioned_joins | SELECT 1 FROM orders a, orders b, orders c, orders d, orders e WHERE a.id = b.id OR true
too_deep | SELECT {10000*(}1{10000*)}
too_deep | SELECT 1{20000*+1}
too_deep | SELECT {2000*CASE WHEN 1=1 THEN }1{2000* END}
too_deep | SELECT {60*(SELECT }1{60*)}
too_deep | SELECT {2000*- }1
too_deep | SELECT {2000*NOT }true
too_deep | SELECT 1{4000*::int}
too_deep | SELECT 1::int{8000*[]}
too_deep | SELECT x{8000*[1]} FROM orders
too_deep | SELECT 1 {4000*UNION SELECT 1 }
too_deep | SELECT 1 FROM orders {4000*JOIN orders }
too_deep | SELECT a {4000*IS NULL } FROM orders
too_deep | SELECT a {3000*IS DISTINCT FROM 1 } FROM orders
too_deep | SELECT a {3000*AND a } FROM orders
too_deep | SELECT a {2000*COLLATE "C" } FROM orders
too_deep | SELECT a{5000*->'b'} FROM orders
too_deep | SELECT {200*ARRAY[}1{200*]}
too_deep | {400*WITH x AS (}SELECT 1{400*) SELECT 1}
too_long | SELECT '{70000*x}'
too_long | SELECT * FROM orders WHERE id IN (1{1000000*,1})
too_deep | SELECT ({3000*1+}end+{3000*1+}1)
too_deep | SELECT {3000*when+}1
too_deep | SELECT {3000*a.when+}1
too_deep | SELECT CASE WHEN CASE WHEN {700*1+}end+{700*1+}end+{700*1+}1=1 THEN 1 END THEN 2 END
too_deep | SELECT 1,1 {3000*UNION SELECT 1,1 }
too_deep | SELECT 1 {1800*OPERATOR(pg_catalog.+) when }
recursion | WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT t.n + 1 FROM t JOIN (SELECT * FROM t) u ON u.n = t.n WHERE t.n < 5) SELECT * FROM t
recursion | WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT a.n + 1 FROM t a JOIN t b ON a.n = b.n WHERE a.n < 5) SELECT * FROM t
recursion | WITH RECURSIVE t(id, n) AS (SELECT id, 1 FROM staff UNION ALL SELECT s.id, n + 1 FROM t JOIN staff s ON s.boss_id = t.id WHERE n < 5000) SELECT * FROM t
recursion | WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM (SELECT * FROM t) u WHERE n < 5) SELECT * FROM t
recursion | WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT s.n + 1 FROM t JOIN staff s ON s.id = t.n WHERE s.n < 5) SELECT * FROM t
# Characters
character | SELECT 1{U+0000}
character | SELECT 'a{U+0000}b'
character | SELECT{U+0008} 1
character | SELECT{U+001B}[31m 1
character | SELECT{U+0085}1
character | SELECT 'a{U+202E}b'
character | SELECT 1 {U+2028} FROM orders
character | {U+FEFF}SELECT 1
character | SELECT{U+00A0}1
character | SELECT E'a\x01b'
character | SELECT E'a\u202Eb'
executable_comment | SELECT 1 /*!50000 , pg_sleep(1) */
executable_comment | SELECT 1 /*M!100000 , 2 */
executable_comment | SELECT '/*! text */'
# Not readable
unreadable | SELECT * FROM
unreadable | SELECT 'open
unreadable | SELECT "open
unreadable | SELECT $$open
unreadable | SELECT 1 /* open
unreadable | SELECT 1 /* outer /* inner */ SELECT 2
unreadable | SELECT ((1)
unreadable | SELECT 1 FROM orders WHERE a = 1 b
unreadable | SELECT 1 SELECT 2
unreadable | WITH x AS (TRUNCATE orders) SELECT 1
unreadable | WITH x AS (COPY orders TO STDOUT) SELECT 1
unreadable | SELECT * FROM (EXPLAIN ANALYZE SELECT 1) x
