WITH orders_together AS (
  SELECT
    date_trunc('month', "ordered_at" AT TIME ZONE 'Europe/Berlin')::date AS k0,
    "country" AS k1,
    sum("amount") AS v0,
    count(*) AS v1,
    NULL::numeric AS p0v0,
    NULL::bigint AS p0v1
  FROM "public"."orders"
  WHERE "ordered_at" >= TIMESTAMPTZ '2025-11-30 23:00:00+00'
    AND "ordered_at" < TIMESTAMPTZ '2026-11-30 23:00:00+00'
  GROUP BY 1, "country"
  UNION ALL
  SELECT
    date_trunc('month', (date_trunc('month', "ordered_at" AT TIME ZONE 'Europe/Berlin')::date::timestamp + INTERVAL '12 months')::date::timestamp)::date AS k0,
    "country" AS k1,
    NULL::numeric AS v0,
    NULL::bigint AS v1,
    sum("amount") AS p0v0,
    count(*) AS p0v1
  FROM "public"."orders"
  WHERE "ordered_at" >= TIMESTAMPTZ '2024-11-30 23:00:00+00'
    AND "ordered_at" < TIMESTAMPTZ '2025-11-30 23:00:00+00'
    AND NOT ("ordered_at" >= TIMESTAMPTZ '2025-11-20 09:00:00+00' AND "ordered_at" < TIMESTAMPTZ '2025-11-30 23:00:00+00')
  GROUP BY 1, "country"
),
orders_groups AS (
  SELECT min("ordered_at") AS first0_1
  FROM "public"."orders"
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
    CASE WHEN date_trunc('month', orders_groups.first0_1 AT TIME ZONE 'Europe/Berlin')::date <= date_trunc('month', (orders_groups2.k0::timestamp + INTERVAL '-12 months')::date::timestamp)::date THEN coalesce(orders_groups2.p0v1, 0) END AS c0_1
  FROM orders_groups2
  CROSS JOIN orders_groups
)
SELECT
  k0 AS "m",
  k1 AS "orders.country",
  m0 AS "revenue",
  m1 AS "order_count",
  c0_0 AS "revenue_ly",
  (m0 - c0_0)::double precision / nullif(c0_0, 0) AS "revenue_ly_pct",
  c0_1 AS "order_count_ly",
  (m1::bigint - c0_1)::double precision / nullif(c0_1, 0) AS "order_count_ly_pct"
FROM orders_rows
ORDER BY "m", k1 COLLATE "C"
LIMIT 50001
