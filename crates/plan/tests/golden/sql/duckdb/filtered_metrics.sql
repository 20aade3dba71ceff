SELECT
  CASE WHEN "amount"::DOUBLE >= 1e2 THEN 1e2 WHEN "amount"::DOUBLE >= 5e1 THEN 5e1 WHEN "amount"::DOUBLE >= 0e0 THEN 0e0 END AS "orders.size",
  CASE WHEN coalesce(count(CASE WHEN "channel" IN ('web', 'shop') THEN 1 END), 0) = 0 THEN 0 ELSE sum(CASE WHEN "channel" IN ('web', 'shop') THEN "amount" END) END AS "paid_revenue",
  sum(CASE WHEN "channel" = 'web' THEN "amount" END) AS "web"
FROM "public"."orders"
WHERE ("channel" IN ('web', 'shop') OR "channel" = 'web')
GROUP BY 1
ORDER BY "orders.size" ASC NULLS LAST
LIMIT 50001
