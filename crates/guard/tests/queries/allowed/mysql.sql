# The contract's own list
SELECT INSERT('Quadratic',3,4,'What'), TRUNCATE(1.2,1)
SELECT GROUP_CONCAT(name ORDER BY name SEPARATOR '; drop ') FROM customers
WITH roles AS (SELECT 'Goodbye!') SELECT 'Hello!'
SELECT 1; -- trailing
(SELECT 1) UNION (SELECT 2) ORDER BY 1
# More of everyday work
SELECT `delete`, `update` FROM `orders`
SELECT "text in double quotes", 'it\'s', 'back\\slash', 'a\nb', "it's", 'say "x"'
SELECT DATE_FORMAT(t, '%Y-%m') AS m, SUM(amount) FROM orders GROUP BY m WITH ROLLUP
SELECT * FROM orders WHERE name LIKE '50\%' OR name REGEXP '^a' LIMIT 5, 10
SELECT IF(a > 1, 'x', 'y'), IFNULL(a, 0), a <=> b, a DIV 2, a % 2 FROM orders
SELECT DATE_ADD(t, INTERVAL 1 DAY), t - INTERVAL 1 MONTH, TIMESTAMPDIFF(DAY, a, b), CURDATE() FROM orders
SELECT JSON_EXTRACT(payload, '$.a'), payload->>'$.b' FROM orders
SELECT CAST(a AS SIGNED), CAST(a AS DECIMAL(10,2)), CONVERT(name USING utf8mb4), CONVERT(a, CHAR) FROM orders
SELECT MATCH(name) AGAINST ('blue' IN BOOLEAN MODE) FROM customers
WITH RECURSIVE days AS (SELECT DATE '2024-01-01' AS d UNION ALL SELECT d + INTERVAL 1 DAY FROM days WHERE d < '2024-12-31' LIMIT 400) SELECT d FROM days
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT i FROM n
SELECT c.name FROM shop.orders o JOIN customers c ON o.customer_id = c.id
SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) FROM orders
SELECT 'a' 'b' AS joined
SELECT a AS "x y", b AS 'z', c AS `rank` FROM ORDERS WHERE ORDERS.a > 1
SELECT TRIM(LEADING 'x' FROM name), SUBSTRING(name FROM 2), EXTRACT(YEAR FROM t), 1 --1 FROM orders
