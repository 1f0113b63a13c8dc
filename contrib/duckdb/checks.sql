-- What fails almost everywhere, by what it costs: where one line for all units helps most.
SELECT check_id, round(100 * avg((badness > 0)::INT)) AS percent, round(sum(adds), 1) AS adds_in_all,
  count(DISTINCT unit) FILTER (badness > 0) AS units
FROM checks
GROUP BY check_id
ORDER BY adds_in_all DESC, check_id
LIMIT 10;
