# Other statements
not_a_query | DROP TABLE orders
not_a_query | INSERT INTO orders VALUES (1)
not_a_query | REPLACE INTO orders VALUES (1)
not_a_query | LOAD DATA INFILE '/etc/passwd' INTO TABLE orders
not_a_query | LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE orders
not_a_query | HANDLER orders OPEN
not_a_query | SET GLOBAL general_log = 1
not_a_query | SET @a = 1
not_a_query | SHOW GRANTS
not_a_query | DESCRIBE orders
not_a_query | USE mysql
not_a_query | CALL cleanup()
not_a_query | PREPARE s FROM 'DROP TABLE orders'
not_a_query | EXECUTE s
not_a_query | LOCK TABLES orders WRITE
not_a_query | FLUSH TABLES
not_a_query | KILL 1
not_a_query | INSTALL PLUGIN x SONAME 'x.so'
not_a_query | RENAME TABLE orders TO x
not_a_query | DO SLEEP(10)
not_a_query | EXPLAIN ANALYZE SELECT 1
not_a_query | DELIMITER //
not_a_query | BINLOG 'x'
not_a_query | CREATE USER x
not_a_query | TABLE orders
several_statements | SELECT 1; DROP TABLE orders
several_statements | SELECT 'a\\'; DROP TABLE orders; -- '
several_statements | SELECT "a\\"; DROP TABLE orders; -- "
several_statements | SELECT 1 /* /* */; DROP TABLE orders /* */ */
several_statements | SELECT 1 # comment{U+000A}; DROP TABLE orders
# Files and variables
unreadable | SELECT * FROM orders INTO OUTFILE '/tmp/x'
unreadable | SELECT * INTO DUMPFILE '/tmp/x' FROM orders
unreadable | SELECT 'a' INTO OUTFILE '/tmp/x' FIELDS TERMINATED BY ','
into | SELECT a INTO @a FROM orders
into | SELECT a INTO stolen FROM orders
variable | SELECT @a
variable | SELECT @@version
variable | SELECT @@global.secure_file_priv
variable | SELECT @a := 1
variable | SELECT @a := a FROM orders
variable | SELECT a FROM orders WHERE a = ?
variable | SELECT a FROM orders WHERE a = :a
variable | SELECT @@datadir FROM orders
unreadable | SELECT @'a'
unreadable | SELECT @`a`
variable | SELECT a AS @x FROM orders
variable | SELECT a FROM orders AS @x
variable | SELECT @x.a FROM orders
variable | SELECT a FROM orders GROUP BY @x
variable | SELECT COUNT(@x)
# Locks and hints
lock | SELECT * FROM orders FOR UPDATE
lock | SELECT * FROM orders FOR SHARE SKIP LOCKED
unreadable | SELECT * FROM orders LOCK IN SHARE MODE
hint | SELECT /*+ SET_VAR(max_execution_time=0) */ * FROM orders
hint | SELECT /*+ NO_ICP(orders) */ a FROM orders
hint | SELECT * FROM orders USE INDEX (x)
hint | SELECT * FROM orders FORCE INDEX (x)
construct | SELECT SQL_CALC_FOUND_ROWS * FROM orders
construct | SELECT STRAIGHT_JOIN * FROM orders
construct | SELECT HIGH_PRIORITY * FROM orders
construct | SELECT SQL_NO_CACHE * FROM orders
construct | SELECT * FROM orders STRAIGHT_JOIN payments
construct | SELECT * FROM orders PARTITION (p0)
construct | SELECT _latin1'a'
construct | SELECT N'a'
unreadable | SELECT * FROM orders PROCEDURE ANALYSE()
# Code in comments
executable_comment | SELECT 1 /*!50000 UNION SELECT 2 */
executable_comment | SELECT 1 /*! INTO OUTFILE '/tmp/x' */
executable_comment | SELECT 1 /*!UNION SELECT user FROM mysql.user*/
executable_comment | SELECT 1 /*M! INTO OUTFILE '/tmp/x' */
executable_comment | SELECT 1 /*m!100100 , SLEEP(1) */
executable_comment | SELECT /*!99999 1, */ 2
# Functions
function | SELECT SLEEP(10)
function | SELECT sleep (10)
function | SELECT `SLEEP`(10)
function | SELECT sLeEp(10)
function | SELECT SLEEP/**/(10)
function | SELECT mysql.sleep(10)
function | SELECT * FROM orders WHERE IF(SLEEP(10), 1, 0)
function | SELECT GROUP_CONCAT(a ORDER BY SLEEP(1)) FROM orders
function | SELECT a FROM orders WHERE a = 1 AND SLEEP(5)
function | SELECT a FROM orders HAVING SLEEP(1)
function | SELECT CAST(SLEEP(1) AS CHAR)
function | SELECT CONVERT(SLEEP(1), CHAR)
function | SELECT INTERVAL SLEEP(1) DAY + CURDATE()
function | SELECT BENCHMARK(1000000000, MD5('x'))
function | SELECT LOAD_FILE('/etc/passwd')
function | SELECT LOAD_FILE(0x2f6574632f706173737764)
function | SELECT GET_LOCK('x', 100)
function | SELECT RELEASE_ALL_LOCKS()
function | SELECT IS_USED_LOCK('x')
function | SELECT MASTER_POS_WAIT('x', 1)
function | SELECT WAIT_FOR_EXECUTED_GTID_SET('x')
function | SELECT LAST_INSERT_ID(5)
function | SELECT SYS_EXEC('id')
function | SELECT SYS_EVAL('id')
function | SELECT sys.version_major()
function | SELECT EXTRACTVALUE(1, CONCAT(0x7e, 'x'))
function | SELECT UPDATEXML(1, 'x', 1)
function | SELECT USER()
function | SELECT CURRENT_USER
function | SELECT CURRENT_USER()
function | SELECT DATABASE()
function | SELECT VERSION()
function | SELECT CONNECTION_ID()
function | SELECT REPEAT('x', 1000000000)
function | SELECT SPACE(1000000000)
function | SELECT LPAD('x', 1000000000, 'y')
function | SELECT UUID_SHORT()
function | SELECT NAME_CONST('a', 1)
function | SELECT shop.my_function(1)
function | SELECT ＳＬＥＥＰ(1)
function | SELECT s.nextval
function | SELECT a FROM orders WHERE a = orders.NEXTVAL
# Tables
system_relation | SELECT * FROM mysql.user
system_relation | SELECT * FROM `mysql`.`user`
system_relation | SELECT * FROM MySQL.User
system_relation | SELECT * FROM information_schema.processlist
system_relation | SELECT * FROM INFORMATION_SCHEMA.TABLES
system_relation | SELECT * FROM performance_schema.threads
system_relation | SELECT * FROM sys.session
unknown_relation | SELECT * FROM secrets
unknown_relation | SELECT * FROM DUAL
unknown_relation | SELECT * FROM other.orders
unknown_relation | WITH RECURSIVE a AS (SELECT * FROM secrets), secrets AS (SELECT 1) SELECT * FROM a
unknown_relation | WITH secrets AS (SELECT 1) SELECT * FROM shop.secrets
escaped_name | SELECT `a``b` FROM orders
# Functions in FROM and casts
table_function | SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a INT PATH '$')) AS t
table_function | SELECT * FROM SLEEP(1)
cast_type | SELECT CAST('x' AS GEOMETRY)
cast_type | SELECT CONVERT('x', POINT)
# Bombs
recursion | WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM x) SELECT * FROM x
recursion | WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM x LIMIT 1000000) SELECT * FROM x
recursion | WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n * 2 FROM x WHERE n > 0) SELECT * FROM x
unconditioned_joins | SELECT COUNT(*) FROM orders a, orders b, orders c, orders d, orders e
unconditioned_joins | SELECT COUNT(*) FROM orders a JOIN orders b JOIN orders c JOIN orders d JOIN orders e
too_deep | SELECT {10000*(}1{10000*)}
too_deep | SELECT 1{20000*+1}
too_deep | SELECT {2000*CASE 1 WHEN 1 THEN }1{2000* END}
too_deep | SELECT {3000*!}1
too_deep | SELECT 1{5000* XOR 1}
too_deep | SELECT {2000*IF(1,}1{2000*,0)}
too_long | SELECT "{70000*x}"
# Characters
character | SELECT 1{U+0000}
character | SELECT 'a\0b'
character | SELECT 'a\Zb'
character | SELECT{U+000C}1
character | SELECT{U+000B}SLEEP(1)
character | SELECT {U+200F}1
unreadable | SELECT 'open
unreadable | SELECT 'open\'
unreadable | SELECT `open
unreadable | SELECT 1 /* /* */ */
unreadable | SELECT {d '2024-01-01'
