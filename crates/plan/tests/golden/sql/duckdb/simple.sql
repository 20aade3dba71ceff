SELECT
  "country" AS "orders.country",
  sum("amount") AS "revenue",
  sum("amount")::DOUBLE / nullif(coalesce(count(*), 0), 0) AS "aov"
FROM "public"."orders"
GROUP BY "country"
ORDER BY "revenue" DESC NULLS LAST, "orders.country" ASC NULLS LAST
LIMIT 11
