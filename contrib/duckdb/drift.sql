-- Hosts whose name but for the number is the same should be alike: where a check stands otherwise than on most of them.
WITH answers AS (
  SELECT regexp_replace(host, '[0-9]+$', '*') AS "group", unit, check_id, badness,
    coalesce(line, 'not set') AS line, host
  FROM checks
), most AS (
  SELECT "group", unit, check_id, mode(badness) AS badness FROM answers GROUP BY ALL HAVING count(*) > 2
), usual AS (
  SELECT "group", unit, check_id, badness, mode(line) AS line
  FROM answers JOIN most USING ("group", unit, check_id, badness) GROUP BY ALL
)
SELECT a."group", a.unit, a.check_id, a.host, a.badness, u.badness AS elsewhere, a.line, u.line AS line_elsewhere
FROM answers a JOIN usual u USING ("group", unit, check_id)
WHERE a.badness <> u.badness
ORDER BY a.badness - u.badness DESC, a.unit, a.check_id, a.host;
