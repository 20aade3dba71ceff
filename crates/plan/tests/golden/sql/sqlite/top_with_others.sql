WITH orders_groups AS (
  SELECT `country` AS k1, sum(`amount`) AS m0
  FROM `public`.`orders`
  GROUP BY `country`
),
orders_ranked AS (
  SELECT k1, m0, row_number() OVER (ORDER BY m0 DESC, k1 NULLS LAST) AS __row
  FROM orders_groups
),
orders_rows AS (
  SELECT k1, TRUE AS __picked
  FROM orders_ranked
  WHERE __row <= 3
),
orders_groups2 AS (
  SELECT substr(`ordered_at`, 1, 7) || '-01' AS k0, sum(`amount`) AS __total0
  FROM `public`.`orders`
  GROUP BY 1
),
orders_groups3 AS (
  SELECT
    substr(`orders`.`ordered_at`, 1, 7) || '-01' AS k0,
    CASE WHEN coalesce(orders_rows.__picked, FALSE) THEN `orders`.`country` ELSE 'Others' END AS k1,
    NOT coalesce(orders_rows.__picked, FALSE) AS `o`,
    sum(`orders`.`amount`) AS m0,
    coalesce(count(DISTINCT `orders`.`customer_id`), 0) AS m1
  FROM `public`.`orders`
  LEFT JOIN orders_rows ON `orders`.`country` IS orders_rows.k1
  GROUP BY 1, 2, 3
)
SELECT
  orders_groups3.k0 AS `m`,
  orders_groups3.k1 AS `orders.country`,
  orders_groups3.m0 AS `revenue`,
  orders_groups3.m1 AS `buyers`,
  CAST(orders_groups3.m0 AS REAL) / nullif(orders_groups2.__total0, 0) AS `share`,
  orders_groups3.`o` AS __others
FROM orders_groups3
LEFT JOIN orders_groups2 ON orders_groups3.k0 = orders_groups2.k0
ORDER BY `m` NULLS LAST, __others NULLS LAST, `revenue` DESC, `orders.country` NULLS LAST
LIMIT 50001
