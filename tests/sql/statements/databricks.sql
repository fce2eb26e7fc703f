-- A list, sorted and limited
SELECT
  ProspectID,
  Source,
  CreatedOn
FROM leads
WHERE
  LOWER(Source) <> 'web'
  AND Source <> ''
  AND LOCATE('50%', LOWER(mx_City)) > 0
  AND DoNotCall = FALSE
ORDER BY
  NULLIF(LOWER(Source), '') DESC,
  CreatedOn NULLS LAST,
  NULLIF(LOWER(ProspectID), '') NULLS LAST
LIMIT 10;

-- Groups of several keys, with conditions on them
WITH found AS (
  SELECT
    MIN(NULLIF(leads.Source, '')) AS Source,
    CAST(DATE_TRUNC(
      'MONTH',
      CONVERT_TIMEZONE(CURRENT_TIMEZONE(), 'Asia/Kolkata', CAST(leads.CreatedOn AS TIMESTAMP_NTZ))
    ) AS DATE) AS CreatedOn_month,
    CASE
      WHEN leads.Score < 0
      THEN 'below 0'
      WHEN leads.Score < 50
      THEN '0 to 50'
      WHEN leads.Score >= 50
      THEN '50 and above'
    END AS Score_bin,
    COUNT(*) AS Count,
    AVG(CAST(leads.Score AS DOUBLE)) AS Average_Score,
    SUM(leads.Revenue) AS revenue
  FROM leads
  WHERE
    leads.CreatedOn >= CAST('2026-01-01 00:00:00+00:00' AS TIMESTAMP)
    AND leads.CreatedOn < CAST('2026-02-01 00:00:00+00:00' AS TIMESTAMP)
    AND (
      LOWER(leads.mx_City) = 'delhi'
      OR leads.Score > 80.5
      OR leads.LastVisitDate IS NULL
    )
  GROUP BY
    NULLIF(LOWER(leads.Source), ''),
    CAST(DATE_TRUNC(
      'MONTH',
      CONVERT_TIMEZONE(CURRENT_TIMEZONE(), 'Asia/Kolkata', CAST(leads.CreatedOn AS TIMESTAMP_NTZ))
    ) AS DATE),
    CASE
      WHEN leads.Score < 0
      THEN 'below 0'
      WHEN leads.Score < 50
      THEN '0 to 50'
      WHEN leads.Score >= 50
      THEN '50 and above'
    END
)
SELECT
  Source,
  CreatedOn_month,
  Score_bin,
  Count,
  Average_Score,
  revenue
FROM found
WHERE
  (
    Count > 10 OR Average_Score >= 7.5
  )
ORDER BY
  Count DESC,
  LOWER(Source) NULLS LAST,
  CreatedOn_month NULLS LAST,
  Score_bin NULLS LAST
LIMIT 5;

-- A median
SELECT
  MIN(NULLIF(Source, '')) AS Source,
  PERCENTILE(CAST(Score AS DOUBLE), 0.5) AS Median_Score,
  DATE_TRUNC('SECOND', MAX(CreatedOn)) AS Max_CreatedOn
FROM leads
GROUP BY
  NULLIF(LOWER(Source), '');

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
    LOWER(Role) = 'sales_user' AND UserID <> ''
  GROUP BY
    LOWER(UserID)
) AS owners
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
    MIN(NULLIF(OwnerId, '')) AS OwnerId,
    COUNT(*) AS Count
  FROM leads
  WHERE
    CreatedOn >= CAST('2026-01-01 00:00:00+00:00' AS TIMESTAMP)
    AND CreatedOn < CAST('2026-02-01 00:00:00+00:00' AS TIMESTAMP)
  GROUP BY
    NULLIF(LOWER(OwnerId), '')
), found_after AS (
  SELECT
    MIN(NULLIF(OwnerId, '')) AS OwnerId,
    COUNT(*) AS Count
  FROM leads
  WHERE
    CreatedOn >= CAST('2026-02-01 00:00:00+00:00' AS TIMESTAMP)
    AND CreatedOn < CAST('2026-03-01 00:00:00+00:00' AS TIMESTAMP)
  GROUP BY
    NULLIF(LOWER(OwnerId), '')
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
  ) AS parts
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
  ) AS DOUBLE) / NULLIF(Count_before, 0) AS Count_change_pct
FROM compared
LEFT JOIN (
  SELECT
    LOWER(UserID) AS owner_key,
    MAX(
      NULLIF(TRIM(COALESCE(TRIM(FirstName), '') || ' ' || COALESCE(TRIM(LastName), '')), '')
    ) AS owner_name
  FROM users
  GROUP BY
    LOWER(UserID)
) AS owner_names
  ON owner_names.owner_key = LOWER(OwnerId)
ORDER BY
  Count_after - Count_before DESC,
  LOWER(OwnerId) NULLS LAST;

-- Every week
WITH found AS (
  SELECT
    CAST(DATE_TRUNC(
      'WEEK',
      CONVERT_TIMEZONE(CURRENT_TIMEZONE(), 'UTC', CAST(CreatedOn AS TIMESTAMP_NTZ))
    ) AS DATE) AS CreatedOn_week,
    COUNT(*) AS Count
  FROM leads
  WHERE
    CreatedOn >= CAST('2026-01-01 00:00:00+00:00' AS TIMESTAMP)
    AND CreatedOn < CAST('2026-02-01 00:00:00+00:00' AS TIMESTAMP)
  GROUP BY
    CAST(DATE_TRUNC(
      'WEEK',
      CONVERT_TIMEZONE(CURRENT_TIMEZONE(), 'UTC', CAST(CreatedOn AS TIMESTAMP_NTZ))
    ) AS DATE)
), digits AS (
  SELECT
    0 AS n
  UNION ALL
  SELECT
    1 AS n
  UNION ALL
  SELECT
    2 AS n
  UNION ALL
  SELECT
    3 AS n
  UNION ALL
  SELECT
    4 AS n
  UNION ALL
  SELECT
    5 AS n
  UNION ALL
  SELECT
    6 AS n
  UNION ALL
  SELECT
    7 AS n
  UNION ALL
  SELECT
    8 AS n
  UNION ALL
  SELECT
    9 AS n
), every_CreatedOn_week AS (
  SELECT
    DATE_ADD(first_day, n * 7) AS CreatedOn_week
  FROM (
    SELECT
      CAST('2025-12-29' AS DATE) AS first_day,
      CAST('2026-01-26' AS DATE) AS last_day
  ) AS days
  CROSS JOIN (
    SELECT
      ones.n + (
        tens.n * 10
      ) + hundreds.n * 100 + thousands.n * 1000 AS n
    FROM digits AS ones
    CROSS JOIN digits AS tens
    CROSS JOIN digits AS hundreds
    CROSS JOIN digits AS thousands
  ) AS numbers
  WHERE
    DATE_ADD(first_day, n * 7) <= last_day
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
  ) AS parts
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
    CAST('2026-01-01 00:00:00+00:00' AS TIMESTAMP) AS CreatedOn_period_start,
    CAST('2026-02-01 00:00:00+00:00' AS TIMESTAMP) AS CreatedOn_period_end
) AS CreatedOn_periods
  ON CreatedOn >= CreatedOn_period_start AND CreatedOn < CreatedOn_period_end
GROUP BY
  CreatedOn_period_label;
