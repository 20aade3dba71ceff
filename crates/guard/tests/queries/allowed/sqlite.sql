# The contract's own list
SELECT [update] FROM orders WHERE name GLOB 'a*'
SELECT value FROM orders, json_each(orders.items)
SELECT iif(a > 1, 'x', 'y'), strftime('%Y-%m', t) FROM orders
SELECT 'DROP TABLE x; --' AS note, "delete", "update" FROM orders
WITH roles AS (SELECT 'Goodbye!') SELECT 'Hello!'
WITH t AS (SELECT 1 UNION ALL SELECT 2) SELECT * FROM t
SELECT 1; -- trailing
VALUES (1,'a'),(2,'b')
WITH RECURSIVE chart AS (SELECT id, 1 AS depth FROM staff WHERE boss_id IS NULL UNION ALL SELECT s.id, c.depth + 1 FROM staff s JOIN chart c ON s.boss_id = c.id WHERE c.depth < 10) SELECT * FROM chart
# More of everyday work
SELECT sum(x) FILTER (WHERE ok), total(x), group_concat(name, ', ') FROM orders
SELECT r, rank() OVER (PARTITION BY r ORDER BY sum(x) DESC) FROM orders GROUP BY r
SELECT date(t, 'start of month', '+1 month'), julianday('now'), typeof(a) FROM orders
SELECT * FROM main.orders WHERE a IS NOT NULL AND name LIKE 'a%' ESCAPE '!' COLLATE NOCASE
SELECT `a`, "b", [c], 'it''s', 'back\slash', X'0aff' FROM orders
SELECT json_extract(payload, '$.a'), payload ->> '$.b' FROM orders
WITH RECURSIVE days(d) AS (SELECT date('2024-01-01') UNION ALL SELECT date(d, '+1 day') FROM days WHERE d < '2024-12-31' LIMIT 400) SELECT d FROM days
SELECT CAST(a AS INTEGER), CAST(a AS REAL), a || b, round(a, 2) FROM orders LIMIT 10 OFFSET 5
SELECT c.name, count(*) FROM orders o LEFT JOIN customers c ON o.customer_id = c.id GROUP BY c.name HAVING count(*) > 1
