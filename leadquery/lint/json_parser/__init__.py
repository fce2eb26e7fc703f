"""From text to JSON values, with the mistakes of text that is not quite JSON.

Valid JSON is read by the standard library. Only text that it rejects goes through the recovering
parser, which reports every mistake and continues as if it were corrected. Start at
`decoder.parse`, then `parser.RecoveringParser`; the messages are in `lint.rules.syntax`.

- `parser`: tokens to mistakes, and to the repaired text
- `source_text`: text to tokens, and where in it a place of the repaired text is
- `locations`: where in a JSON text the value of a path is
"""
