-- The hosts, the worst first.
SELECT host, count(*) AS units, median(exposure) AS median, max(exposure) AS worst,
  arg_max(unit, exposure) AS worst_unit, count(*) FILTER (exposure > 5.0) AS above
FROM units
WHERE status = 'scored'
GROUP BY host
ORDER BY worst DESC, above DESC, host
LIMIT 20;
