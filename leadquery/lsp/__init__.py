"""A language server for payloads: what `check` finds while you type, fixes, hover, completion.

Start reading at `server.create_server`. Only `server` knows the protocol, by way of pygls: `pip
install 'leadquery[lsp]'`.

- `document`: the text of an open file, its versions, and its positions in the units of the editor
- `analysis`: what is wrong in a file, a payload or a file of requests, and the fixes as edits
- `cursor`: what is at an offset of a text, which may be unfinished
- `completion`: what can be written there, and what is written there
"""
