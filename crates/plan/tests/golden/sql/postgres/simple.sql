SELECT
  "country" AS "orders.country",
  sum("amount") AS "revenue",
  sum("amount")::double precision / nullif(coalesce(count(*), 0), 0) AS "aov"
FROM "public"."orders"
GROUP BY "country"
ORDER BY "revenue" DESC NULLS LAST, "country" COLLATE "C"
LIMIT 11
