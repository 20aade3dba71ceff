WITH time_spine AS (
  SELECT TIMESTAMP '2026-11-01 00:00:00' + to_microseconds(n * 86400000000) AS __shown
  FROM range(30) AS numbers (n)
),
time_rows AS (
  SELECT __shown::DATE AS __shown, (__shown::DATE::TIMESTAMP + INTERVAL (-12) MONTH)::DATE AS __cell
  FROM time_spine
),
orders_together AS (
  SELECT "shipped_on" AS k0, sum("amount") AS v0, NULL AS p0v0
  FROM "public"."orders"
  WHERE "shipped_on" >= DATE '2026-11-01'
    AND "shipped_on" < DATE '2026-12-01'
  GROUP BY "shipped_on"
  UNION ALL
  SELECT time_rows.__shown AS k0, NULL AS v0, sum("orders"."amount") AS p0v0
  FROM "public"."orders"
  JOIN time_rows ON "orders"."shipped_on" = time_rows.__cell
  WHERE "orders"."shipped_on" >= DATE '2025-11-01'
    AND "orders"."shipped_on" < DATE '2025-12-01'
  GROUP BY time_rows.__shown
)
SELECT k0 AS "d", max(v0) AS "revenue", max(p0v0) AS "revenue_ly"
FROM orders_together
GROUP BY k0
ORDER BY "d" ASC NULLS LAST
LIMIT 50001
