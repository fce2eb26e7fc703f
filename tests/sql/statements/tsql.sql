-- A list, sorted and limited
SELECT
TOP 10
  ProspectID,
  Source,
  CreatedOn
FROM leads
WHERE
  LOWER(Source) COLLATE Latin1_General_100_BIN2_UTF8 <> 'web'
  AND Source <> ''
  AND CHARINDEX('50%', LOWER(mx_City) COLLATE Latin1_General_100_BIN2_UTF8) > 0
  AND DoNotCall = 0
ORDER BY
  NULLIF(LOWER(Source) COLLATE Latin1_General_100_BIN2_UTF8, '') DESC,
  CASE WHEN CreatedOn IS NULL THEN 1 ELSE 0 END,
  CreatedOn,
  CASE
    WHEN NULLIF(LOWER(ProspectID) COLLATE Latin1_General_100_BIN2_UTF8, '') IS NULL
    THEN 1
    ELSE 0
  END,
  NULLIF(LOWER(ProspectID) COLLATE Latin1_General_100_BIN2_UTF8, '');

-- Groups of several keys, with conditions on them
SELECT
TOP 5
  MIN(NULLIF(leads.Source, '')) AS Source,
  DATEFROMPARTS(
    YEAR(DATEADD(MINUTE, 330, leads.CreatedOn)),
    MONTH(DATEADD(MINUTE, 330, leads.CreatedOn)),
    1
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
  AVG(CAST(leads.Score AS FLOAT)) AS Average_Score,
  SUM(leads.Revenue) AS revenue
FROM leads
WHERE
  leads.CreatedOn >= CAST('2026-01-01 00:00:00' AS DATETIME2)
  AND leads.CreatedOn < CAST('2026-02-01 00:00:00' AS DATETIME2)
  AND (
    LOWER(leads.mx_City) COLLATE Latin1_General_100_BIN2_UTF8 = 'delhi'
    OR leads.Score > 80.5
    OR leads.LastVisitDate IS NULL
  )
GROUP BY
  NULLIF(LOWER(leads.Source) COLLATE Latin1_General_100_BIN2_UTF8, ''),
  DATEFROMPARTS(
    YEAR(DATEADD(MINUTE, 330, leads.CreatedOn)),
    MONTH(DATEADD(MINUTE, 330, leads.CreatedOn)),
    1
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
    COUNT(*) > 10 OR AVG(CAST(leads.Score AS FLOAT)) >= 7.5
  )
ORDER BY
  COUNT(*) DESC,
  CASE
    WHEN NULLIF(LOWER(leads.Source) COLLATE Latin1_General_100_BIN2_UTF8, '') IS NULL
    THEN 1
    ELSE 0
  END,
  NULLIF(LOWER(leads.Source) COLLATE Latin1_General_100_BIN2_UTF8, ''),
  CASE
    WHEN DATEFROMPARTS(
      YEAR(DATEADD(MINUTE, 330, leads.CreatedOn)),
      MONTH(DATEADD(MINUTE, 330, leads.CreatedOn)),
      1
    ) IS NULL
    THEN 1
    ELSE 0
  END,
  DATEFROMPARTS(
    YEAR(DATEADD(MINUTE, 330, leads.CreatedOn)),
    MONTH(DATEADD(MINUTE, 330, leads.CreatedOn)),
    1
  ),
  CASE
    WHEN CASE
      WHEN leads.Score < 0
      THEN 'below 0'
      WHEN leads.Score < 50
      THEN '0 to 50'
      WHEN leads.Score >= 50
      THEN '50 and above'
    END IS NULL
    THEN 1
    ELSE 0
  END,
  CASE
    WHEN leads.Score < 0
    THEN 'below 0'
    WHEN leads.Score < 50
    THEN '0 to 50'
    WHEN leads.Score >= 50
    THEN '50 and above'
  END;

-- A median
SELECT
  MIN(NULLIF(Source, '')) AS Source,
  SUM(
    CASE
      WHEN ABS(rank_1 - (
        values_1 - 1
      ) * 0.5) < 1
      THEN CAST(Score AS FLOAT) * (
        1 - ABS(rank_1 - (
          values_1 - 1
        ) * 0.5)
      )
    END
  ) AS Median_Score,
  DATEADD(NANOSECOND, -DATEPART(NANOSECOND, MAX(CreatedOn)), MAX(CreatedOn)) AS Max_CreatedOn
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY NULLIF(LOWER(Source) COLLATE Latin1_General_100_BIN2_UTF8, '')
      ORDER BY CASE WHEN Score IS NULL THEN 1 ELSE 0 END, Score
    ) - 1 AS rank_1,
    COUNT(Score) OVER (PARTITION BY NULLIF(LOWER(Source) COLLATE Latin1_General_100_BIN2_UTF8, '')) AS values_1
  FROM leads
) AS leads
GROUP BY
  NULLIF(LOWER(Source) COLLATE Latin1_General_100_BIN2_UTF8, '');

-- Owners, also those without leads
SELECT
  MIN(UserID) AS OwnerId,
  COUNT(OwnerId) AS Count
FROM (
  SELECT
    MIN(UserID) AS UserID,
    LOWER(UserID) COLLATE Latin1_General_100_BIN2_UTF8 AS owner_key
  FROM users
  WHERE
    LOWER(Role) COLLATE Latin1_General_100_BIN2_UTF8 = 'sales_user' AND UserID <> ''
  GROUP BY
    LOWER(UserID) COLLATE Latin1_General_100_BIN2_UTF8
) AS owners
LEFT JOIN leads
  ON LOWER(OwnerId) COLLATE Latin1_General_100_BIN2_UTF8 = owner_key AND Score > 5
GROUP BY
  owner_key;

-- Other owners
SELECT
  COUNT(*) AS Count
FROM leads
WHERE
  (
    LOWER(OwnerId) COLLATE Latin1_General_100_BIN2_UTF8 IS NULL
    OR NOT LOWER(OwnerId) COLLATE Latin1_General_100_BIN2_UTF8 IN (
      SELECT
        LOWER(UserID) COLLATE Latin1_General_100_BIN2_UTF8
      FROM users
      WHERE
        LOWER(Department) COLLATE Latin1_General_100_BIN2_UTF8 = 'north'
        AND NOT LOWER(UserID) COLLATE Latin1_General_100_BIN2_UTF8 IS NULL
    )
  );

-- Two periods, and the names of owners
WITH found_before AS (
  SELECT
    MIN(NULLIF(OwnerId, '')) AS OwnerId,
    COUNT(*) AS Count
  FROM leads
  WHERE
    CreatedOn >= CAST('2026-01-01 00:00:00' AS DATETIME2)
    AND CreatedOn < CAST('2026-02-01 00:00:00' AS DATETIME2)
  GROUP BY
    NULLIF(LOWER(OwnerId) COLLATE Latin1_General_100_BIN2_UTF8, '')
), found_after AS (
  SELECT
    MIN(NULLIF(OwnerId, '')) AS OwnerId,
    COUNT(*) AS Count
  FROM leads
  WHERE
    CreatedOn >= CAST('2026-02-01 00:00:00' AS DATETIME2)
    AND CreatedOn < CAST('2026-03-01 00:00:00' AS DATETIME2)
  GROUP BY
    NULLIF(LOWER(OwnerId) COLLATE Latin1_General_100_BIN2_UTF8, '')
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
    LOWER(OwnerId) COLLATE Latin1_General_100_BIN2_UTF8
)
SELECT
  OwnerId,
  owner_names.owner_name AS OwnerIdName,
  Count_before,
  Count_after,
  Count_after - Count_before AS Count_change,
  100 * CAST((
    Count_after - Count_before
  ) AS FLOAT) / NULLIF(Count_before, 0) AS Count_change_pct
FROM compared
LEFT JOIN (
  SELECT
    LOWER(UserID) COLLATE Latin1_General_100_BIN2_UTF8 AS owner_key,
    MAX(
      NULLIF(TRIM(COALESCE(TRIM(FirstName), '') + ' ' + COALESCE(TRIM(LastName), '')), '')
    ) AS owner_name
  FROM users
  GROUP BY
    LOWER(UserID) COLLATE Latin1_General_100_BIN2_UTF8
) AS owner_names
  ON owner_names.owner_key = LOWER(OwnerId) COLLATE Latin1_General_100_BIN2_UTF8
ORDER BY
  Count_after - Count_before DESC,
  CASE
    WHEN LOWER(OwnerId) COLLATE Latin1_General_100_BIN2_UTF8 IS NULL
    THEN 1
    ELSE 0
  END,
  LOWER(OwnerId) COLLATE Latin1_General_100_BIN2_UTF8;

-- Every week
WITH found AS (
  SELECT
    DATEADD(
      DAY,
      -(
        DATEDIFF(DAY, CAST('1900-01-01' AS DATETIME2), CAST(CreatedOn AS DATETIME2)) % 7
      ),
      CAST(CreatedOn AS DATE)
    ) AS CreatedOn_week,
    COUNT(*) AS Count
  FROM leads
  WHERE
    CreatedOn >= CAST('2026-01-01 00:00:00' AS DATETIME2)
    AND CreatedOn < CAST('2026-02-01 00:00:00' AS DATETIME2)
  GROUP BY
    DATEADD(
      DAY,
      -(
        DATEDIFF(DAY, CAST('1900-01-01' AS DATETIME2), CAST(CreatedOn AS DATETIME2)) % 7
      ),
      CAST(CreatedOn AS DATE)
    )
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
    DATEADD(DAY, n * 7, first_day) AS CreatedOn_week
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
    DATEADD(DAY, n * 7, first_day) <= last_day
), found_and_empty AS (
  SELECT
    CreatedOn_week AS CreatedOn_week,
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
    CAST('2026-01-01 00:00:00' AS DATETIME2) AS CreatedOn_period_start,
    CAST('2026-02-01 00:00:00' AS DATETIME2) AS CreatedOn_period_end
) AS CreatedOn_periods
  ON CreatedOn >= CreatedOn_period_start AND CreatedOn < CreatedOn_period_end
GROUP BY
  CreatedOn_period_label;
