WITH time_spine AS (
  SELECT TIMESTAMP '2025-10-01 00:00:00' + to_months((n)::INTEGER) AS k0
  FROM range(12) AS numbers (n)
),
orders_together AS (
  SELECT date_trunc('month', "ordered_at" AT TIME ZONE 'Europe/Berlin')::DATE AS k0, sum("amount") AS v0
  FROM "public"."orders"
  WHERE "ordered_at" >= TIMESTAMPTZ '2025-09-30 22:00:00+00'
    AND "ordered_at" < TIMESTAMPTZ '2026-09-30 22:00:00+00'
  GROUP BY 1
  UNION ALL
  SELECT k0::DATE AS k0, NULL AS v0
  FROM time_spine
)
SELECT k0 AS "m", max(v0) AS "revenue"
FROM orders_together
GROUP BY k0
ORDER BY "m" ASC NULLS LAST
LIMIT 50001
