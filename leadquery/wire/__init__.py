"""The request of the Lead Distribution Analytics API: facts and serialization, nothing else.

Start reading at `model.Request`, which holds the whole request: one class for each JSON object, one
attribute for each key. `schema` has what the classes are declared with, `types` the types of single
values, `enums` the operators, names, paths and limits of the API.

Everything else walks over the model: `serializer.to_payload` and `json_schema.schema` here, and
elsewhere the reader of `leadquery.lint`, the mock API, the exporters and the reference pages.
It imports only `leadquery.errors` and `leadquery._util`. A test fails if a name of the API is
written in any other package.
"""

from __future__ import annotations
