WITH orders_together AS (
  SELECT
    substr(`ordered_at`, 1, 7) || '-01' AS k0,
    `country` AS k1,
    sum(`amount`) AS v0,
    count(*) AS v1,
    NULL AS p0v0,
    NULL AS p0v1
  FROM `public`.`orders`
  WHERE `ordered_at` >= '2025-12-01 00:00:00'
    AND `ordered_at` < '2026-12-01 00:00:00'
  GROUP BY 1, `country`
  UNION ALL
  SELECT
    substr(min(date(substr(`ordered_at`, 1, 7) || '-01', 'start of month', '+12 months', '+' || (substr(substr(`ordered_at`, 1, 7) || '-01', 9, 2) - 1) || ' days'), date(substr(`ordered_at`, 1, 7) || '-01', 'start of month', '+13 months', '-1 day')), 1, 7) || '-01' AS k0,
    `country` AS k1,
    NULL AS v0,
    NULL AS v1,
    sum(`amount`) AS p0v0,
    count(*) AS p0v1
  FROM `public`.`orders`
  WHERE `ordered_at` >= '2024-12-01 00:00:00'
    AND `ordered_at` < '2025-12-01 00:00:00'
    AND NOT (`ordered_at` >= '2025-11-20 09:00:00' AND `ordered_at` < '2025-12-01 00:00:00')
  GROUP BY 1, `country`
),
orders_groups AS (
  SELECT min(`ordered_at`) AS first0_1
  FROM `public`.`orders`
),
orders_groups2 AS (
  SELECT k0, k1, max(v0) AS v0, max(v1) AS v1, max(p0v0) AS p0v0, max(p0v1) AS p0v1
  FROM orders_together
  GROUP BY k0, k1
),
orders_rows AS (
  SELECT
    orders_groups2.k0 AS k0,
    orders_groups2.k1 AS k1,
    orders_groups2.v0 AS m0,
    coalesce(orders_groups2.v1, 0) AS m1,
    orders_groups2.p0v0 AS c0_0,
    CASE WHEN substr(orders_groups.first0_1, 1, 7) || '-01' <= substr(min(date(orders_groups2.k0, 'start of month', '-12 months', '+' || (substr(orders_groups2.k0, 9, 2) - 1) || ' days'), date(orders_groups2.k0, 'start of month', '-11 months', '-1 day')), 1, 7) || '-01' THEN coalesce(orders_groups2.p0v1, 0) END AS c0_1
  FROM orders_groups2
  CROSS JOIN orders_groups
)
SELECT
  k0 AS `m`,
  k1 AS `orders.country`,
  m0 AS `revenue`,
  m1 AS `order_count`,
  c0_0 AS `revenue_ly`,
  CAST(m0 - c0_0 AS REAL) / nullif(c0_0, 0) AS `revenue_ly_pct`,
  c0_1 AS `order_count_ly`,
  CAST(m1 - c0_1 AS REAL) / nullif(c0_1, 0) AS `order_count_ly_pct`
FROM orders_rows
ORDER BY `m` NULLS LAST, `orders.country` NULLS LAST
LIMIT 50001
