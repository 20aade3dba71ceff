WITH time_spine AS (
  SELECT DATE_ADD(TIMESTAMP '2025-10-01 00:00:00', INTERVAL n MONTH) AS k0
  FROM (
    WITH digits AS (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)
    SELECT d0.d + 10 * d1.d AS n
    FROM digits AS d0 CROSS JOIN digits AS d1
  ) AS numbers
  WHERE n < 12
),
orders_together AS (
  SELECT
    DATE_SUB(CAST(CONVERT_TZ(`ordered_at`, '+00:00', 'Europe/Berlin') AS DATE), INTERVAL DAY(CONVERT_TZ(`ordered_at`, '+00:00', 'Europe/Berlin')) - 1 DAY) AS k0,
    sum(`amount`) AS v0
  FROM `public`.`orders`
  WHERE `ordered_at` >= TIMESTAMP '2025-09-30 22:00:00'
    AND `ordered_at` < TIMESTAMP '2026-09-30 22:00:00'
  GROUP BY 1
  UNION ALL
  SELECT CAST(k0 AS DATE) AS k0, NULL AS v0
  FROM time_spine
)
SELECT k0 AS `m`, max(v0) AS `revenue`
FROM orders_together
GROUP BY k0
ORDER BY k0 IS NULL, k0
LIMIT 50001
