-- Audits of many hosts, one NDJSON file each or all in one, as two tables: a row for each unit of a host, and a row for each
-- check of each unit. The host is what `audit --host` wrote, else the name of the file.
CREATE OR REPLACE TABLE units AS
SELECT
  coalesce(host, regexp_extract(filename, '([^/]+?)\.(ndjson|jsonl|json)(\.gz)?$', 1)) AS host,
  name AS unit, status, exposure / 10 AS exposure, level, checks, findings
FROM read_json('collected/*.ndjson*',
  format = 'newline_delimited', filename = true, maximum_object_size = 16777216,
  columns = {
    host: 'VARCHAR', name: 'VARCHAR', status: 'VARCHAR', exposure: 'INTEGER', level: 'VARCHAR',
    checks: 'STRUCT(id VARCHAR, badness INTEGER, "range" INTEGER, weight INTEGER, exposure INTEGER, "set" BOOLEAN, origin STRUCT(file VARCHAR, line INTEGER))[]',
    findings: 'STRUCT(code VARCHAR, severity VARCHAR, message VARCHAR, file VARCHAR, line INTEGER)[]'
  });

CREATE OR REPLACE TABLE checks AS
SELECT host, unit, c.id AS check_id, c.badness, c.exposure / 10 AS adds,
  c.origin.file || ':' || c.origin.line AS line
FROM units, unnest(checks) AS t(c)
WHERE c.badness IS NOT NULL;
