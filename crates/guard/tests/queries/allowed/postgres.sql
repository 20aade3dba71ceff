# The contract's own list
SELECT 'DROP TABLE x; --' AS note, "delete", "update" FROM orders
WITH roles AS (SELECT 'Goodbye!') SELECT 'Hello!'
WITH roles AS (SELECT 'Goodbye!' AS word) SELECT word FROM roles
WITH t AS (SELECT 1 UNION ALL SELECT 2) SELECT * FROM t
SELECT 1; -- trailing
(SELECT 1) UNION (SELECT 2) ORDER BY 1
VALUES (1,'a'),(2,'b')
WITH RECURSIVE chart AS (SELECT id, name, 1 AS depth FROM staff WHERE boss_id IS NULL UNION ALL SELECT s.id, s.name, c.depth + 1 FROM staff s JOIN chart c ON s.boss_id = c.id WHERE c.depth < 10) SELECT * FROM chart
WITH RECURSIVE chart(id, depth) AS (SELECT id, 1 FROM staff UNION SELECT s.id, 1 + depth FROM staff s, chart WHERE s.boss_id = chart.id AND 10 > depth) SELECT max(depth) FROM chart
SELECT region, sum(x) FILTER (WHERE ok) AS good FROM orders GROUP BY region
SELECT r, rank() OVER (PARTITION BY r ORDER BY sum(x) DESC) FROM orders GROUP BY r, p
SELECT r, p, sum(x) FROM orders GROUP BY GROUPING SETS ((r,p),(r),())
SELECT c.name, o.amount FROM customers c CROSS JOIN LATERAL (SELECT amount FROM orders WHERE orders.customer_id = c.id ORDER BY amount DESC LIMIT 3) o
SELECT DISTINCT ON (c) c, amount FROM orders ORDER BY c, amount DESC FETCH FIRST 5 ROWS WITH TIES
SELECT payload->'a'->>'b' FROM orders WHERE payload @> '{"x":1}' AND tags && ARRAY['new','big']
SELECT $$it's; drop table x$$ AS note
SELECT E'it\'s' AS note
SELECT U&'d\0061t' AS word
SELECT date_trunc('month', t AT TIME ZONE 'Europe/Berlin') AS m, count(*) FROM orders WHERE t > now() - INTERVAL '90 days' GROUP BY 1
SELECT 1 /* outer /* inner; DROP TABLE x */ still a comment */ AS one
SELECT replace(name,'update','insert') AS "set" FROM "weird table; drop"
SELECT d::date AS day, coalesce(sum(o.amount), 0) FROM generate_series(date '2024-01-01', date '2024-12-31', interval '1 day') AS d LEFT JOIN orders o ON o.day = d::date GROUP BY 1
SELECT d FROM generate_series('2024-01-01'::date, '2024-03-31'::date, '1 day') d
SELECT n FROM generate_series(1, 100) AS n
# More of everyday work
SELECT 'it''s', 'a\b', E'a\\b', 'semi;colon', '--no comment', '/* none */'
SELECT * FROM public.orders WHERE id IN (SELECT order_id FROM payments WHERE paid)
SELECT o.*, c.name FROM orders o JOIN customers c ON c.id = o.customer_id LEFT JOIN payments p USING (order_id)
SELECT c.name FROM orders o, customers c WHERE o.customer_id = c.id
SELECT CASE WHEN amount > 100 THEN 'big' WHEN amount > 10 THEN 'medium' ELSE 'small' END AS size, count(*) FROM orders GROUP BY 1 HAVING count(*) > 5
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FROM orders
SELECT extract(year FROM t), date_part('dow', t), to_char(t, 'YYYY-MM') FROM orders
SELECT string_agg(DISTINCT name, ', ' ORDER BY name) FROM customers
SELECT amount::numeric(10,2), CAST(id AS text), '2024-01-01'::date, amount::double precision FROM orders
SELECT * FROM orders WHERE name ILIKE '%a\_b%' ESCAPE '\' AND name !~ '^x' AND name SIMILAR TO '(a|b)%'
SELECT pg_catalog.lower(name) FROM customers
SELECT array_agg(x) FROM unnest(ARRAY[1,2,3]) AS x
SELECT e->>'sku' FROM orders, jsonb_array_elements(orders.items) AS e
SELECT ARRAY(SELECT id FROM orders ORDER BY id LIMIT 3)
WITH orders AS (SELECT * FROM orders WHERE amount > 0) SELECT sum(amount) FROM orders
SELECT (SELECT max(amount) FROM orders) AS m, - -1 AS one, -(-2) AS two
SELECT amount, lag(amount, 1) OVER w, sum(amount) OVER (ORDER BY t ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM orders WINDOW w AS (PARTITION BY c ORDER BY t)
SELECT count(*) FROM orders WHERE (a, b) IN ((1, 2), (3, 4)) AND x IS NOT DISTINCT FROM y AND z BETWEEN 1 AND 2
SELECT trim(both ' ' FROM name), substring(name FROM 1 FOR 3), position('a' IN name), overlay(name placing 'x' from 1 for 2) FROM customers
SELECT größe FROM orders WHERE name = 'Müller 👨‍👩‍👧'
SELECT lpad(id::text, 8, '0') FROM orders ORDER BY id NULLS LAST LIMIT 10 OFFSET 20
SELECT 1 EXCEPT SELECT 2 INTERSECT SELECT 3
SELECT interval '1 day 2 hours' * 3, date '2024-01-01' + 7, current_date, localtimestamp
