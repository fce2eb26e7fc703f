-- A list, sorted and limited
SELECT
  ProspectID,
  Source,
  CreatedOn
FROM leads
WHERE
  LOWER(Source) <> 'web'
  AND NOT Source IS NULL
  AND INSTR(LOWER(mx_City), '50%') > 0
  AND DoNotCall = 0
ORDER BY
  LOWER(Source) DESC NULLS LAST,
  CreatedOn,
  LOWER(ProspectID)
FETCH FIRST 10 ROWS ONLY;

-- Groups of several keys, with conditions on them
SELECT
  MIN(leads.Source) AS Source,
  TRUNC(
    CAST(FROM_TZ(CAST(leads.CreatedOn AS TIMESTAMP), 'UTC') AT TIME ZONE 'Asia/Kolkata' AS TIMESTAMP),
    'MM'
  ) AS CreatedOn_month,
  CASE
    WHEN leads.Score < 0
    THEN 'below 0'
    WHEN leads.Score < 50
    THEN '0 to 50'
    WHEN leads.Score >= 50
    THEN '50 and above'
  END AS Score_bin,
  COUNT(*) AS Count,
  AVG(CAST(leads.Score AS DOUBLE PRECISION)) AS Average_Score,
  SUM(leads.Revenue) AS revenue
FROM leads
WHERE
  leads.CreatedOn >= TO_TIMESTAMP('2026-01-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')
  AND leads.CreatedOn < TO_TIMESTAMP('2026-02-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')
  AND (
    LOWER(leads.mx_City) = 'delhi'
    OR leads.Score > 80.5
    OR leads.LastVisitDate IS NULL
  )
GROUP BY
  LOWER(leads.Source),
  TRUNC(
    CAST(FROM_TZ(CAST(leads.CreatedOn AS TIMESTAMP), 'UTC') AT TIME ZONE 'Asia/Kolkata' AS TIMESTAMP),
    'MM'
  ),
  CASE
    WHEN leads.Score < 0
    THEN 'below 0'
    WHEN leads.Score < 50
    THEN '0 to 50'
    WHEN leads.Score >= 50
    THEN '50 and above'
  END
HAVING
  (
    COUNT(*) > 10 OR AVG(CAST(leads.Score AS DOUBLE PRECISION)) >= 7.5
  )
ORDER BY
  COUNT(*) DESC NULLS LAST,
  LOWER(leads.Source),
  CreatedOn_month,
  CASE
    WHEN leads.Score < 0
    THEN 'below 0'
    WHEN leads.Score < 50
    THEN '0 to 50'
    WHEN leads.Score >= 50
    THEN '50 and above'
  END
FETCH FIRST 5 ROWS ONLY;

-- A median
SELECT
  MIN(Source) AS Source,
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY
    CAST(Score AS DOUBLE PRECISION)) AS Median_Score,
  CAST(CAST(MAX(CreatedOn) AS DATE) AS TIMESTAMP) AS Max_CreatedOn
FROM leads
GROUP BY
  LOWER(Source);

-- Owners, also those without leads
SELECT
  MIN(UserID) AS OwnerId,
  COUNT(OwnerId) AS Count
FROM (
  SELECT
    MIN(UserID) AS UserID,
    LOWER(UserID) AS owner_key
  FROM users
  WHERE
    LOWER(Role) = 'sales_user' AND NOT UserID IS NULL
  GROUP BY
    LOWER(UserID)
) owners
LEFT JOIN leads
  ON LOWER(OwnerId) = owner_key AND Score > 5
GROUP BY
  owner_key;

-- Other owners
SELECT
  COUNT(*) AS Count
FROM leads
WHERE
  (
    LOWER(OwnerId) IS NULL
    OR NOT LOWER(OwnerId) IN (
      SELECT
        LOWER(UserID)
      FROM users
      WHERE
        LOWER(Department) = 'north' AND NOT LOWER(UserID) IS NULL
    )
  );

-- Two periods, and the names of owners
WITH found_before AS (
  SELECT
    MIN(OwnerId) AS OwnerId,
    COUNT(*) AS Count
  FROM leads
  WHERE
    CreatedOn >= TO_TIMESTAMP('2026-01-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')
    AND CreatedOn < TO_TIMESTAMP('2026-02-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')
  GROUP BY
    LOWER(OwnerId)
), found_after AS (
  SELECT
    MIN(OwnerId) AS OwnerId,
    COUNT(*) AS Count
  FROM leads
  WHERE
    CreatedOn >= TO_TIMESTAMP('2026-02-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')
    AND CreatedOn < TO_TIMESTAMP('2026-03-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')
  GROUP BY
    LOWER(OwnerId)
), compared AS (
  SELECT
    MIN(OwnerId) AS OwnerId,
    MAX(Count_before) AS Count_before,
    MAX(Count_after) AS Count_after
  FROM (
    SELECT
      OwnerId,
      Count AS Count_before,
      0 AS Count_after
    FROM found_before
    UNION ALL
    SELECT
      OwnerId,
      0 AS Count_before,
      Count AS Count_after
    FROM found_after
  ) parts
  GROUP BY
    LOWER(OwnerId)
)
SELECT
  OwnerId,
  owner_names.owner_name AS OwnerIdName,
  Count_before,
  Count_after,
  Count_after - Count_before AS Count_change,
  100 * CAST((
    Count_after - Count_before
  ) AS DOUBLE PRECISION) / NULLIF(Count_before, 0) AS Count_change_pct
FROM compared
LEFT JOIN (
  SELECT
    LOWER(UserID) AS owner_key,
    MAX(TRIM(COALESCE(TRIM(FirstName), '') || ' ' || COALESCE(TRIM(LastName), ''))) AS owner_name
  FROM users
  GROUP BY
    LOWER(UserID)
) owner_names
  ON owner_names.owner_key = LOWER(OwnerId)
ORDER BY
  Count_after - Count_before DESC NULLS LAST,
  LOWER(OwnerId);

-- Every week
WITH found AS (
  SELECT
    TRUNC(CreatedOn, 'IW') AS CreatedOn_week,
    COUNT(*) AS Count
  FROM leads
  WHERE
    CreatedOn >= TO_TIMESTAMP('2026-01-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')
    AND CreatedOn < TO_TIMESTAMP('2026-02-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')
  GROUP BY
    TRUNC(CreatedOn, 'IW')
), digits AS (
  SELECT
    0 AS n
  FROM dual
  UNION ALL
  SELECT
    1 AS n
  FROM dual
  UNION ALL
  SELECT
    2 AS n
  FROM dual
  UNION ALL
  SELECT
    3 AS n
  FROM dual
  UNION ALL
  SELECT
    4 AS n
  FROM dual
  UNION ALL
  SELECT
    5 AS n
  FROM dual
  UNION ALL
  SELECT
    6 AS n
  FROM dual
  UNION ALL
  SELECT
    7 AS n
  FROM dual
  UNION ALL
  SELECT
    8 AS n
  FROM dual
  UNION ALL
  SELECT
    9 AS n
  FROM dual
), every_CreatedOn_week AS (
  SELECT
    first_day + n * 7 AS CreatedOn_week
  FROM (
    SELECT
      CAST('2025-12-29' AS DATE) AS first_day,
      CAST('2026-01-26' AS DATE) AS last_day
    FROM dual
  ) days
  CROSS JOIN (
    SELECT
      ones.n + (
        tens.n * 10
      ) + hundreds.n * 100 + thousands.n * 1000 AS n
    FROM digits ones
    CROSS JOIN digits tens
    CROSS JOIN digits hundreds
    CROSS JOIN digits thousands
  ) numbers
  WHERE
    first_day + n * 7 <= last_day
), found_and_empty AS (
  SELECT
    CreatedOn_week,
    MAX(Count) AS Count
  FROM (
    SELECT
      *
    FROM found
    UNION ALL
    SELECT
      CreatedOn_week,
      0 AS Count
    FROM every_CreatedOn_week
  ) parts
  GROUP BY
    CreatedOn_week
)
SELECT
  CreatedOn_week,
  Count
FROM found_and_empty;

-- Named periods
SELECT
  CreatedOn_period_label AS CreatedOn_period,
  COUNT(*) AS Count
FROM leads
INNER JOIN (
  SELECT
    'a' AS CreatedOn_period_label,
    TO_TIMESTAMP('2026-01-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS') AS CreatedOn_period_start,
    TO_TIMESTAMP('2026-02-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS') AS CreatedOn_period_end
  FROM dual
) CreatedOn_periods
  ON CreatedOn >= CreatedOn_period_start AND CreatedOn < CreatedOn_period_end
GROUP BY
  CreatedOn_period_label;
