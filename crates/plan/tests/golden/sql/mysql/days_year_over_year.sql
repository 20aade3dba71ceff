WITH time_spine AS (
  SELECT DATE_ADD(TIMESTAMP '2026-11-01 00:00:00', INTERVAL n DAY) AS __shown
  FROM (
    WITH digits AS (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)
    SELECT d0.d + 10 * d1.d AS n
    FROM digits AS d0 CROSS JOIN digits AS d1
  ) AS numbers
  WHERE n < 30
),
time_rows AS (
  SELECT CAST(__shown AS DATE) AS __shown, DATE_ADD(CAST(__shown AS DATE), INTERVAL -12 MONTH) AS __cell
  FROM time_spine
),
orders_together AS (
  SELECT `shipped_on` AS k0, sum(`amount`) AS v0, NULL AS p0v0
  FROM `public`.`orders`
  WHERE `shipped_on` >= DATE '2026-11-01'
    AND `shipped_on` < DATE '2026-12-01'
  GROUP BY `shipped_on`
  UNION ALL
  SELECT time_rows.__shown AS k0, NULL AS v0, sum(`orders`.`amount`) AS p0v0
  FROM `public`.`orders`
  JOIN time_rows ON `orders`.`shipped_on` = time_rows.__cell
  WHERE `orders`.`shipped_on` >= DATE '2025-11-01'
    AND `orders`.`shipped_on` < DATE '2025-12-01'
  GROUP BY time_rows.__shown
)
SELECT k0 AS `d`, max(v0) AS `revenue`, max(p0v0) AS `revenue_ly`
FROM orders_together
GROUP BY k0
ORDER BY k0 IS NULL, k0
LIMIT 50001
