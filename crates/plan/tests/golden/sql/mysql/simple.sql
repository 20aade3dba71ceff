SELECT
  `country` AS `orders.country`,
  sum(`amount`) AS `revenue`,
  CAST(sum(`amount`) AS DOUBLE) / nullif(coalesce(count(*), 0), 0) AS `aov`
FROM `public`.`orders`
GROUP BY `country`
ORDER BY sum(`amount`) DESC, `country` IS NULL, `country`
LIMIT 11
