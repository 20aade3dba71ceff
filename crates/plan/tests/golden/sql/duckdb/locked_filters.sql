SELECT
  "logged_at" AT TIME ZONE 'UTC' - (("logged_at" AT TIME ZONE 'UTC') AT TIME ZONE 'Europe/Berlin' - date_trunc('hour', ("logged_at" AT TIME ZONE 'UTC') AT TIME ZONE 'Europe/Berlin')) AS "h",
  coalesce(count(*), 0) AS "order_count"
FROM "public"."orders"
WHERE "country" = 'DE'
  AND isodow(("logged_at" AT TIME ZONE 'UTC') AT TIME ZONE 'Europe/Berlin') IN (6, 7)
GROUP BY 1
ORDER BY "h" ASC NULLS LAST
LIMIT 50001
