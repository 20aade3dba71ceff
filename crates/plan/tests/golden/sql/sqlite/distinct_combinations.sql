SELECT `country` AS `orders.country`, `gift` AS `orders.gift`
FROM `public`.`orders`
GROUP BY `country`, `gift`
ORDER BY `orders.country` NULLS LAST, `orders.gift` NULLS LAST
LIMIT 50001
