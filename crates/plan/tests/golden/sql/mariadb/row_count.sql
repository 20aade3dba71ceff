SELECT coalesce(count(*), 0) AS `order_count`
FROM `public`.`orders`
LIMIT 50001
