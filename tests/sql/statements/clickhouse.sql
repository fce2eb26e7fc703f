-- A list, sorted and limited
SELECT
  leads.ProspectID AS ProspectID,
  leads.Source AS Source,
  leads.CreatedOn AS CreatedOn
FROM leads
WHERE
  LOWER(leads.Source) <> 'web'
  AND leads.Source <> ''
  AND POSITION(LOWER(leads.mx_City), '50%') > 0
  AND leads.DoNotCall = FALSE
ORDER BY
  nullIf(LOWER(leads.Source), '') DESC,
  leads.CreatedOn,
  nullIf(LOWER(leads.ProspectID), '')
LIMIT 10;

-- Groups of several keys, with conditions on them
SELECT
  MIN(nullIf(leads.Source, '')) AS Source,
  CAST(dateTrunc('MONTH', toTimeZone(leads.CreatedOn, 'Asia/Kolkata')) AS Nullable(DATE)) AS CreatedOn_month,
  CASE
    WHEN leads.Score < 0
    THEN 'below 0'
    WHEN leads.Score < 50
    THEN '0 to 50'
    WHEN leads.Score >= 50
    THEN '50 and above'
  END AS Score_bin,
  COUNT(*) AS Count,
  AVG(CAST(leads.Score AS Nullable(Float64))) AS Average_Score,
  SUM(leads.Revenue) AS revenue
FROM leads
WHERE
  leads.CreatedOn >= toDateTime64('2026-01-01 00:00:00', 6, 'UTC')
  AND leads.CreatedOn < toDateTime64('2026-02-01 00:00:00', 6, 'UTC')
  AND (
    LOWER(leads.mx_City) = 'delhi'
    OR leads.Score > 80.5
    OR leads.LastVisitDate IS NULL
  )
GROUP BY
  nullIf(LOWER(leads.Source), ''),
  CAST(dateTrunc('MONTH', toTimeZone(leads.CreatedOn, 'Asia/Kolkata')) AS Nullable(DATE)),
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
    COUNT(*) > 10 OR AVG(CAST(leads.Score AS Nullable(Float64))) >= 7.5
  )
ORDER BY
  COUNT(*) DESC,
  nullIf(LOWER(leads.Source), ''),
  CreatedOn_month,
  CASE
    WHEN leads.Score < 0
    THEN 'below 0'
    WHEN leads.Score < 50
    THEN '0 to 50'
    WHEN leads.Score >= 50
    THEN '50 and above'
  END
LIMIT 5;

-- A median
SELECT
  MIN(nullIf(leads.Source, '')) AS Source,
  SUM(
    CASE
      WHEN ABS(rank_1 - (
        values_1 - 1
      ) * 0.5) < 1
      THEN CAST(leads.Score AS Nullable(Float64)) * (
        1 - ABS(rank_1 - (
          values_1 - 1
        ) * 0.5)
      )
    END
  ) AS Median_Score,
  dateTrunc('SECOND', MAX(leads.CreatedOn)) AS Max_CreatedOn
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY nullIf(LOWER(leads.Source), '') ORDER BY leads.Score) - 1 AS rank_1,
    COUNT(leads.Score) OVER (PARTITION BY nullIf(LOWER(leads.Source), '')) AS values_1
  FROM leads
) AS leads
GROUP BY
  nullIf(LOWER(leads.Source), '');

-- Owners, also those without leads
SELECT
  MIN(UserID) AS OwnerId,
  COUNT(leads.OwnerId) AS Count
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
  ON LOWER(leads.OwnerId) = owner_key AND leads.Score > 5
GROUP BY
  owner_key
SETTINGS join_use_nulls = 1;

-- Other owners
SELECT
  COUNT(*) AS Count
FROM leads
WHERE
  (
    LOWER(leads.OwnerId) IS NULL
    OR NOT (
      LOWER(leads.OwnerId) IN (
        SELECT
          LOWER(UserID)
        FROM users
        WHERE
          LOWER(Department) = 'north' AND NOT (
            LOWER(UserID) IS NULL
          )
      )
    )
  );

-- Two periods, and the names of owners
WITH found_before AS (
  SELECT
    MIN(nullIf(leads.OwnerId, '')) AS OwnerId,
    COUNT(*) AS Count
  FROM leads
  WHERE
    leads.CreatedOn >= toDateTime64('2026-01-01 00:00:00', 6, 'UTC')
    AND leads.CreatedOn < toDateTime64('2026-02-01 00:00:00', 6, 'UTC')
  GROUP BY
    nullIf(LOWER(leads.OwnerId), '')
), found_after AS (
  SELECT
    MIN(nullIf(leads.OwnerId, '')) AS OwnerId,
    COUNT(*) AS Count
  FROM leads
  WHERE
    leads.CreatedOn >= toDateTime64('2026-02-01 00:00:00', 6, 'UTC')
    AND leads.CreatedOn < toDateTime64('2026-03-01 00:00:00', 6, 'UTC')
  GROUP BY
    nullIf(LOWER(leads.OwnerId), '')
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
  ) AS Nullable(Float64)) / nullIf(Count_before, 0) AS Count_change_pct
FROM compared
LEFT JOIN (
  SELECT
    LOWER(UserID) AS owner_key,
    MAX(
      nullIf(TRIM(COALESCE(TRIM(FirstName), '') || ' ' || COALESCE(TRIM(LastName), '')), '')
    ) AS owner_name
  FROM users
  GROUP BY
    LOWER(UserID)
) AS owner_names
  ON owner_names.owner_key = LOWER(OwnerId)
ORDER BY
  Count_after - Count_before DESC,
  LOWER(OwnerId)
SETTINGS join_use_nulls = 1;

-- Every week
WITH found AS (
  SELECT
    CAST(dateTrunc('WEEK', leads.CreatedOn) AS Nullable(DATE)) AS CreatedOn_week,
    COUNT(*) AS Count
  FROM leads
  WHERE
    leads.CreatedOn >= toDateTime64('2026-01-01 00:00:00', 6, 'UTC')
    AND leads.CreatedOn < toDateTime64('2026-02-01 00:00:00', 6, 'UTC')
  GROUP BY
    CAST(dateTrunc('WEEK', leads.CreatedOn) AS Nullable(DATE))
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
    addDays(first_day, n * 7) AS CreatedOn_week
  FROM (
    SELECT
      CAST('2025-12-29' AS Nullable(DATE)) AS first_day,
      CAST('2026-01-26' AS Nullable(DATE)) AS last_day
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
    addDays(first_day, n * 7) <= last_day
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
FROM found_and_empty
SETTINGS join_use_nulls = 1;

-- Named periods
SELECT
  CreatedOn_period_label AS CreatedOn_period,
  COUNT(*) AS Count
FROM leads
INNER JOIN (
  SELECT
    'a' AS CreatedOn_period_label,
    toDateTime64('2026-01-01 00:00:00', 6, 'UTC') AS CreatedOn_period_start,
    toDateTime64('2026-02-01 00:00:00', 6, 'UTC') AS CreatedOn_period_end
) AS CreatedOn_periods
  ON leads.CreatedOn >= CreatedOn_period_start
  AND leads.CreatedOn < CreatedOn_period_end
GROUP BY
  CreatedOn_period_label
SETTINGS join_use_nulls = 1;
