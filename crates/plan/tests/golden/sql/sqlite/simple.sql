SELECT
  `country` AS `orders.country`,
  sum(`amount`) AS `revenue`,
  CAST(sum(`amount`) AS REAL) / nullif(coalesce(count(*), 0), 0) AS `aov`
FROM `public`.`orders`
GROUP BY `country`
ORDER BY `revenue` DESC, `orders.country` NULLS LAST
LIMIT 11
