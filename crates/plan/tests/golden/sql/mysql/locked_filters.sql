WITH orders_groups AS (
  SELECT
    DATE_SUB(`logged_at`, INTERVAL TIMESTAMPDIFF(MICROSECOND, CAST(DATE_FORMAT(CONVERT_TZ(`logged_at`, '+00:00', 'Europe/Berlin'), '%Y-%m-%d %H:00:00') AS DATETIME), CONVERT_TZ(`logged_at`, '+00:00', 'Europe/Berlin')) MICROSECOND) AS `h`,
    coalesce(count(*), 0) AS `order_count`
  FROM `public`.`orders`
  WHERE `country` = 'DE'
    AND (WEEKDAY(CONVERT_TZ(`logged_at`, '+00:00', 'Europe/Berlin')) + 1) IN (6, 7)
  GROUP BY 1
)
SELECT `h`, `order_count`
FROM orders_groups
ORDER BY `h` IS NULL, `h`
LIMIT 50001
