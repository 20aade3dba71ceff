WITH time_spine AS (
  SELECT datetime('2026-11-01 00:00:00', (n) || ' days') AS __shown
  FROM (
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 29)
    SELECT n FROM numbers
  ) AS numbers
),
time_rows AS (
  SELECT
    substr(__shown, 1, 10) AS __shown,
    min(date(substr(__shown, 1, 10), 'start of month', '-12 months', '+' || (substr(substr(__shown, 1, 10), 9, 2) - 1) || ' days'), date(substr(__shown, 1, 10), 'start of month', '-11 months', '-1 day')) AS __cell
  FROM time_spine
),
orders_together AS (
  SELECT `shipped_on` AS k0, sum(`amount`) AS v0, NULL AS p0v0
  FROM `public`.`orders`
  WHERE `shipped_on` >= '2026-11-01'
    AND `shipped_on` < '2026-12-01'
  GROUP BY `shipped_on`
  UNION ALL
  SELECT time_rows.__shown AS k0, NULL AS v0, sum(`orders`.`amount`) AS p0v0
  FROM `public`.`orders`
  JOIN time_rows ON `orders`.`shipped_on` = time_rows.__cell
  WHERE `orders`.`shipped_on` >= '2025-11-01'
    AND `orders`.`shipped_on` < '2025-12-01'
  GROUP BY time_rows.__shown
)
SELECT k0 AS `d`, max(v0) AS `revenue`, max(p0v0) AS `revenue_ly`
FROM orders_together
GROUP BY k0
ORDER BY `d` NULLS LAST
LIMIT 50001
