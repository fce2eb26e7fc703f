"""The rules: what can be wrong with a payload.

A rule is a `base.Rule` and, below it in the same module, the function that checks objects for it
or makes its diagnostic. `registry` finds the rules by going through the modules of this package,
so a new rule is added to its module only.

- `syntax`: LQ1xx, text that is not JSON
- `structure`, `sibling_api`: LQ2xx, keys and types
- `values`: LQ3xx, single values
- `combinations`: LQ4xx, values that do not fit each other
- `suspicious`: LQ5xx, what is probably not meant
- `names`, `types`: names of fields, and what their types support; LQ5xx for the standard fields,
  LQ6xx with the fields of the account at hand
"""
