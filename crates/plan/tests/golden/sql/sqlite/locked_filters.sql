SELECT substr(`logged_at`, 1, 13) || ':00:00' AS `h`, coalesce(count(*), 0) AS `order_count`
FROM `public`.`orders`
WHERE `country` = 'DE'
  AND ((strftime('%w', substr(`logged_at`, 1, 10)) + 6) % 7 + 1) IN (6, 7)
GROUP BY 1
ORDER BY `h` NULLS LAST
LIMIT 50001
