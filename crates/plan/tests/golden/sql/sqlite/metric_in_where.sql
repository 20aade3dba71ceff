WITH orders_groups AS (
  SELECT `customer_id` AS k0, coalesce(count(*), 0) AS m0
  FROM `public`.`orders`
  GROUP BY `customer_id`
),
orders_rows AS (
  SELECT k0 AS __gate0_0, TRUE AS __gate0
  FROM orders_groups
  WHERE k0 IS NOT NULL
    AND m0 > 2
),
orders_groups2 AS (
  SELECT sum(`orders`.`amount`) AS m0, coalesce(count(*), 0) AS m1
  FROM `public`.`orders`
  LEFT JOIN orders_rows ON `orders`.`customer_id` = orders_rows.__gate0_0
  WHERE `orders`.`country` GLOB '*[eE]*'
    AND NOT coalesce(orders_rows.__gate0, FALSE)
)
SELECT m0 AS `revenue`
FROM orders_groups2
WHERE m1 >= 1
LIMIT 50001
