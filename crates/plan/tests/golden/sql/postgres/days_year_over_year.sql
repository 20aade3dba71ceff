WITH time_spine AS (
  SELECT TIMESTAMP '2026-11-01 00:00:00' + n * INTERVAL '1 days' AS __shown
  FROM generate_series(0, 29) AS n
),
time_rows AS (
  SELECT __shown::date AS __shown, (__shown::date::timestamp + INTERVAL '-12 months')::date AS __cell
  FROM time_spine
),
orders_together AS (
  SELECT "shipped_on" AS k0, sum("amount") AS v0, NULL::numeric AS p0v0
  FROM "public"."orders"
  WHERE "shipped_on" >= DATE '2026-11-01'
    AND "shipped_on" < DATE '2026-12-01'
  GROUP BY "shipped_on"
  UNION ALL
  SELECT time_rows.__shown AS k0, NULL::numeric AS v0, sum("orders"."amount") AS p0v0
  FROM "public"."orders"
  JOIN time_rows ON "orders"."shipped_on" = time_rows.__cell
  WHERE "orders"."shipped_on" >= DATE '2025-11-01'
    AND "orders"."shipped_on" < DATE '2025-12-01'
  GROUP BY time_rows.__shown
)
SELECT k0 AS "d", max(v0) AS "revenue", max(p0v0) AS "revenue_ly"
FROM orders_together
GROUP BY k0
ORDER BY "d"
LIMIT 50001
