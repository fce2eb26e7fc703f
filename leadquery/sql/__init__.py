"""The same query where the leads are: as one SQL statement, and run on a file or a database.

`Query.to_sql` writes a statement for one of twelve dialects. `Table` runs a query on a Parquet or
CSV file, a DataFrame, a database connection or a SparkSession, and gives the `Result` that the
client gives. It needs sqlglot: `pip install 'leadquery[sql]'`, or `leadquery[duckdb]` for files and
DataFrames.

Start reading at `patterns`, which has the forms that statements are built of, one function
each. `dialects` says where engines differ, `columns` which column
holds a field and as what, `conditions` turns conditions into SQL. `table.Table` runs it.
"""
