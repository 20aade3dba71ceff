SELECT "country" AS "orders.country", "gift" AS "orders.gift"
FROM "public"."orders"
GROUP BY "country", "gift"
ORDER BY "orders.country" ASC NULLS LAST, "orders.gift" ASC NULLS LAST
LIMIT 50001
