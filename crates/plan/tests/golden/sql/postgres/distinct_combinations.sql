SELECT "country" AS "orders.country", "gift" AS "orders.gift"
FROM "public"."orders"
GROUP BY "country", "gift"
ORDER BY "country" COLLATE "C", "orders.gift"
LIMIT 50001
