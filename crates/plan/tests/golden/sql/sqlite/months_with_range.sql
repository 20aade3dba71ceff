WITH time_spine AS (
  SELECT datetime('2025-10-01 00:00:00', (n) || ' months') AS k0
  FROM (
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 11)
    SELECT n FROM numbers
  ) AS numbers
),
orders_together AS (
  SELECT substr(`ordered_at`, 1, 7) || '-01' AS k0, sum(`amount`) AS v0
  FROM `public`.`orders`
  WHERE `ordered_at` >= '2025-10-01 00:00:00'
    AND `ordered_at` < '2026-10-01 00:00:00'
  GROUP BY 1
  UNION ALL
  SELECT substr(k0, 1, 10) AS k0, NULL AS v0
  FROM time_spine
)
SELECT k0 AS `m`, max(v0) AS `revenue`
FROM orders_together
GROUP BY k0
ORDER BY `m` NULLS LAST
LIMIT 50001
