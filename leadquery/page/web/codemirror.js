// The editor of the static page: CodeMirror, with diagnostics in its gutter and in the text.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { sql } from "@codemirror/lang-sql";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { columns } from "./places.js";

const LANGUAGES = { payload: json, python, sql };

const THEME = EditorView.theme({
  "&": { height: "100%", background: "var(--panel)", color: "var(--text)", fontSize: "14px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": {
    background: "var(--panel)",
    color: "var(--muted)",
    borderRight: "1px solid var(--border)",
  },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground":
    { background: "var(--selection)" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--error)",
    textDecorationSkipInk: "none",
  },
  ".cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--warning)",
    textDecorationSkipInk: "none",
  },
  ".cm-lint-marker": { content: "none", borderRadius: "50%", width: ".7em", height: ".7em" },
  ".cm-lint-marker-error": { background: "var(--error)" },
  ".cm-lint-marker-warning": { background: "var(--warning)" },
  ".cm-tooltip": {
    border: "1px solid var(--border)",
    background: "var(--background)",
    color: "var(--text)",
    maxWidth: "32rem",
  },
  ".cm-diagnostic": { padding: ".4rem .6rem", fontFamily: "system-ui, sans-serif" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--error)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--warning)" },
  ".cm-diagnosticAction": { background: "var(--accent)", color: "var(--on-accent)" },
});

const COLOURS = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.string, color: "var(--string)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
    { tag: tags.keyword, color: "var(--keyword)" },
    { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
    { tag: tags.propertyName, color: "var(--text)" },
  ]),
);

export function createEditor(parent, { text, label, changed, fix }) {
  // In a shadow root, CodeMirror adopts style sheets, so that the page needs no inline styles.
  const root = parent.attachShadow({ mode: "open" });
  const language = new Compartment();
  let current = "payload";
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        EditorView.lineWrapping,
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        language.of(json()),
        THEME,
        COLOURS,
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => update.docChanged && changed()),
      ],
    }),
  });

  /** The start and end of a diagnostic. */
  function range({ line, column, width }) {
    if (line === null) return { from: 0, to: 0 };
    const row = view.state.doc.line(Math.min(line, view.state.doc.lines));
    const [start, end] = columns(row.text, column, width);
    return { from: row.from + start, to: row.from + end };
  }

  return {
    text: () => view.state.doc.toString(),
    /** Replace the text; what is the same at both ends stays, and with it the cursor. */
    replace(replacement) {
      const before = view.state.doc.toString();
      let from = 0;
      const limit = Math.min(before.length, replacement.length);
      while (from < limit && before[from] === replacement[from]) from += 1;
      let same = 0;
      while (
        same < limit - from &&
        before[before.length - 1 - same] === replacement[replacement.length - 1 - same]
      ) {
        same += 1;
      }
      const insert = replacement.slice(from, replacement.length - same);
      view.dispatch({ changes: { from, to: before.length - same, insert } });
    },
    select(diagnostic) {
      const { from, to } = range(diagnostic);
      view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
      view.focus();
    },
    showDiagnostics(diagnostics) {
      const found = diagnostics.map((one, number) => ({
        ...range(one),
        severity: one.severity,
        message: one.message,
        actions: one.fix
          ? [{ name: one.fix === "safe" ? "Fix" : "Likely fix", apply: () => fix(number) }]
          : [],
      }));
      view.dispatch(setDiagnostics(view.state, found));
    },
    setLanguage(name) {
      if (name === current) return;
      current = name;
      view.dispatch({ effects: language.reconfigure(LANGUAGES[name]()) });
    },
  };
}
