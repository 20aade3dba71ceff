WITH orders_groups AS (
  SELECT
    CASE WHEN CAST(`amount` AS DOUBLE) >= 1e2 THEN 1e2 WHEN CAST(`amount` AS DOUBLE) >= 5e1 THEN 5e1 WHEN CAST(`amount` AS DOUBLE) >= 0e0 THEN 0e0 END AS `orders.size`,
    CASE WHEN coalesce(count(CASE WHEN `channel` IN ('web', 'shop') THEN 1 END), 0) = 0 THEN 0 ELSE sum(CASE WHEN `channel` IN ('web', 'shop') THEN `amount` END) END AS `paid_revenue`,
    sum(CASE WHEN `channel` = 'web' THEN `amount` END) AS `web`
  FROM `public`.`orders`
  WHERE (`channel` IN ('web', 'shop') OR `channel` = 'web')
  GROUP BY 1
)
SELECT `orders.size`, `paid_revenue`, `web`
FROM orders_groups
ORDER BY `orders.size` IS NULL, `orders.size`
LIMIT 50001
