// An editor without libraries, for the page that `leadquery serve --page` serves.

import { offsets } from "./places.js";

export function createEditor(parent, { text, label, changed }) {
  const area = document.createElement("textarea");
  area.value = text;
  area.spellcheck = false;
  area.setAttribute("aria-label", label);
  area.addEventListener("input", changed);
  parent.append(area);
  return {
    text: () => area.value,
    replace(replacement) {
      area.value = replacement;
      changed();
    },
    select(diagnostic) {
      area.focus();
      area.setSelectionRange(...offsets(area.value.split("\n"), diagnostic));
    },
    showDiagnostics() {},
    setLanguage() {},
  };
}
