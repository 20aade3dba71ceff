SELECT
  "logged_at" AT TIME ZONE 'UTC' - (("logged_at" AT TIME ZONE 'UTC') AT TIME ZONE 'Europe/Berlin' - date_trunc('hour', ("logged_at" AT TIME ZONE 'UTC') AT TIME ZONE 'Europe/Berlin')) AS "h",
  coalesce(count(*), 0) AS "order_count"
FROM "public"."orders"
WHERE "country" = 'DE'
  AND extract(isodow FROM ("logged_at" AT TIME ZONE 'UTC') AT TIME ZONE 'Europe/Berlin')::bigint IN (6, 7)
GROUP BY 1
ORDER BY "h"
LIMIT 50001
