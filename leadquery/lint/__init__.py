"""Check payloads: every mistake, its place, what to write instead, and a fix if one is certain.

Start reading at `check.check`. It parses text (`json_text`), reads the JSON value as the model
of `leadquery.wire` (`reader`), runs the rules over the objects that were read (`rules`), and
builds a `report.Report` of `Diagnostic`s with their places in the text.

- `rules`: what can be wrong; each rule in one place, with its documentation, message and fix
- `json_text`: text to JSON values, by the standard library; `json_parser` reads what that rejects,
  and reports every mistake in it; `source_text` knows the places in it
- `decoder`: JSON to the model, where there is nothing to report
- `reader`: the same, with a diagnostic for every mistake; `key_matching` finds misspelt keys
- `diagnostics`: mistakes and their fixes, in the order and with the places of the text
- `report`: the result, and its text
- `fixes`: fixes applied to text or objects, one by one or all of them
- `request_files`: the payloads in files of Postman, Bruno, Insomnia, n8n and HAR, and curl commands
- `catalog`, `name_index`: the fields of an account, and suggestions for misspelt names
"""
