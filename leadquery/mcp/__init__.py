"""Tools for assistants, by the Model Context Protocol: `leadquery mcp`.

A model cannot send a wrong query with them: `run` takes only the name of a draft, which the server
has made and checked against the account's fields. Start reading at `tools`, which lists them,
`assistant`, which has a method for each, and `server`, the only module that knows the SDK.

`grammar` is the query that a model writes as JSON, and `query_reader` reads it; `drafts` keeps what
was checked, `budget` limits the requests, and `refusals` writes the messages. It needs the SDK:
`pip install 'leadquery[mcp]'`.
"""
