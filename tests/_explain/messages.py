"""The general messages of misuse."""

from __future__ import annotations

TRUTH = (
    "a condition is neither true nor false before the API answers, so `and`, `or`, `not`, `if` "
    "and chains such as 5 < A < 20 cannot read it; join conditions with a comma or with &, each "
    "in brackets: where((A < 5) & (B == 1)), invert one with ~, and write a range as "
    "A.between(5, 20)"
)
USER_TRUTH = (
    "a user condition is neither true nor false before the API answers, so `and`, `or`, `not` and "
    "`if` cannot read it; join user conditions with & and |, each in brackets: "
    'owned_by((users.A == "x") | (users.B == "y"))'
)
ATTRIBUTE_TRUTH = (
    'a user attribute is neither true nor false; compare it, as in owned_by(users.A == "x")'
)
FIELD_TRUTH = (
    "a field is neither true nor false; compare it, as in where(A == 1), or ask where(A.has_data())"
)
QUERY_TRUTH = (
    "a query is neither true nor false before it is sent; "
    "ask client.count(query) how many leads match"
)
HOLDS_NONE = "a condition holds no values; give it to where(...)"
USER_HOLDS_NONE = "a user condition holds no values; give it to owned_by(...)"
ATTRIBUTE_HOLDS_NONE = (
    "a user attribute holds no values; write users.A.is_in([...]) for one of several, "
    "users.A.contains(...) for a part of a text"
)
FIELD_HOLDS_NONE = (
    "a field holds no values; write A.is_in([...]) for one of several, "
    "A.contains(...) for a part of a text"
)
QUERY_HOLDS_NONE = (
    "a query holds no rows before it is sent; loop over the rows of client.run(query)"
)
A_BOOL = (
    "where({}) holds a Python bool, not a condition: two things were compared that are no field "
    "of leadquery.fields, or a field with a value by `is`, `in` or `not`"
)
A_TEXT = "where({!r}) holds a text; write the condition in Python: {}"
AS_IN = "as in where(Score < 5)"
THESE_ONE_BY_ONE = "where takes conditions one by one; write where({}, {})"
ONE_BY_ONE = "where takes conditions one by one; write where(*conditions)"
A_FIELD = "{0} is a field; compare it, as in {0}.has_data()"
AN_ATTRIBUTE = "users.Role is a user attribute; write owned_by(users.Role == ...)"
MADE = "; `is`, `in` and `not` make a bool, not a condition"
BESIDE_AND = (
    "& binds tighter than < and ==, and {!r} is not a condition; put each condition in brackets, "
    "(A < 5) & (B == 1), or write where(A < 5, B == 1)"
)
BESIDE_OR = (
    "| binds tighter than < and ==, and {!r} is not a condition; put each condition in brackets, "
    "(A == 1) | (A == 5), or write A.is_in([1, 5])"
)
USERS_AND = (
    "& binds tighter than ==, and {!r} is not a condition; put each condition in brackets, "
    '(users.A == "x") & (users.B == "y"), or write owned_by(users.A == "x", users.B == "y")'
)
USERS_OR = (
    "| binds tighter than ==, and {!r} is not a condition; put each condition in brackets, "
    '(users.A == "x") | (users.B == "y")'
)
TILDE = (
    "~ binds tighter than == and inverts {0} alone; put the condition in brackets, "
    "~({0} == ...), or write {0}.has_no_data()"
)
USERS_TILDE = (
    "~ binds tighter than == and inverts users.Role alone; put the condition in brackets, "
    "~(users.Role == ...)"
)
NO_CONDITION = "where() takes conditions such as Score < 5, not {}"
