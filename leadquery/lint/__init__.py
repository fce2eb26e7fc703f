"""Check payloads: every mistake, its place, what to write instead, and a fix if one is certain.

Start reading at `check.check`. It parses text (`json_parser`), reads the JSON value as the model
of `leadquery.wire` (`reader`), runs the rules over the objects that were read (`rules`), and
builds a `report.Report` of `Diagnostic`s with their places in the text.

- `rules`: what can be wrong; each rule in one place, with its documentation, message and fix
- `json_parser`: text that is JSON or almost JSON
- `decoder`: JSON to the model, where there is nothing to report
- `reader`, `object_reader`, `value_readers`: the same, with a diagnostic for every mistake
- `diagnostics`, `edits`: mistakes and fixes, and applying fixes to text or objects
- `report`: the result, and its text
- `catalog`, `name_index`: the fields of an account, and suggestions for misspelt names
"""
