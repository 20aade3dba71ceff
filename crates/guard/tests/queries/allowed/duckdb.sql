SELECT * EXCLUDE (amount) FROM orders
SELECT region, sum(amount) FROM orders GROUP BY ALL ORDER BY ALL
SELECT date_trunc('month', t), count(*) FILTER (WHERE ok) FROM orders GROUP BY 1 QUALIFY row_number() OVER (ORDER BY 1) < 5
SELECT d FROM generate_series(1, 100) AS s(d)
SELECT median(amount), arg_max(name, amount), quantile_cont(amount, 0.9) FROM orders
SELECT a // 2, a::DECIMAL(18,2), TRY_CAST(a AS INTEGER), x[1], list_value(1, 2) FROM orders
