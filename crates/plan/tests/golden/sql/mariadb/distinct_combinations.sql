SELECT `country` AS `orders.country`, `gift` AS `orders.gift`
FROM `public`.`orders`
GROUP BY `country`, `gift`
ORDER BY `country` IS NULL, `country`, `gift` IS NULL, `gift`
LIMIT 50001
