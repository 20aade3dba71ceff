SELECT
  CASE WHEN CAST(`amount` AS REAL) >= 100.0 THEN 100.0 WHEN CAST(`amount` AS REAL) >= 50.0 THEN 50.0 WHEN CAST(`amount` AS REAL) >= 0.0 THEN 0.0 END AS `orders.size`,
  CASE WHEN coalesce(count(CASE WHEN `channel` IN ('web', 'shop') THEN 1 END), 0) = 0 THEN 0 ELSE sum(CASE WHEN `channel` IN ('web', 'shop') THEN `amount` END) END AS `paid_revenue`,
  sum(CASE WHEN `channel` = 'web' THEN `amount` END) AS `web`
FROM `public`.`orders`
WHERE (`channel` IN ('web', 'shop') OR `channel` = 'web')
GROUP BY 1
ORDER BY `orders.size` NULLS LAST
LIMIT 50001
