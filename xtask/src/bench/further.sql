-- Beside the ten of the shared bench: what their plans cost when an answer is more than one aggregation.

-- q11 line: customers by month
SELECT date_trunc('month', order_ts) AS month, count(DISTINCT customer_id) AS customers FROM orders GROUP BY 1 ORDER BY 1;

-- q12 line: revenue by month beside the year before
WITH months AS (SELECT date_trunc('month', order_ts) AS month, sum(amount) AS revenue FROM orders GROUP BY 1)
SELECT coalesce(now.month, before.month + INTERVAL 1 YEAR) AS month, now.revenue, before.revenue AS year_before,
  (now.revenue - before.revenue) / nullif(before.revenue, 0) AS change
FROM months AS now FULL JOIN months AS before ON now.month = before.month + INTERVAL 1 YEAR ORDER BY 1;

-- q13 stacked area: five categories and the others by month
WITH best AS (SELECT p.category FROM orders AS o JOIN products AS p USING (product_id) GROUP BY 1 ORDER BY sum(o.amount) DESC, 1 LIMIT 5)
SELECT date_trunc('month', o.order_ts) AS month, CASE WHEN p.category IN (SELECT category FROM best) THEN p.category ELSE 'Others' END AS category,
  sum(o.amount) AS revenue
FROM orders AS o JOIN products AS p USING (product_id) GROUP BY 1, 2 ORDER BY 1, 2;

-- q14 heat map: orders by weekday and hour
SELECT isodow(order_ts) AS weekday, hour(order_ts) AS hour, count(*) AS orders FROM orders GROUP BY 1, 2 ORDER BY 1, 2;
