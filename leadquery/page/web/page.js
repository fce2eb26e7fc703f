// What the static page and the served page share: it shows what an engine finds in an editor.

import { EXAMPLES } from "./examples.js";

const DEBOUNCE_MS = 120;
const DEMO_DELAY_MS = 250;
const FORMS = ["python", "payload", "curl", "plan"];
const find = (id) => document.getElementById(id);

/** Make an element. Texts of the user are only ever set as text. */
function element(name, { text, className, title } = {}, ...children) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  if (title) made.title = title;
  made.append(...children);
  return made;
}

/**
 * Start the page. `createEditor(parent, options)` makes an editor, `createEngine(listener)` what
 * calls Python, and `example` is the analysis of the first example, if it is known.
 */
export function start(createEditor, createEngine, example = null) {
  let analysis = null;
  let form = "python";
  let timer = null;
  let isRunning = false;
  let isStale = false;
  let version = 0;
  let refused = null;

  const editor = createEditor(find("editor"), {
    text: textOfAddress() ?? EXAMPLES.payload,
    label: "Payload, SQL or Python",
    changed: () => schedule(DEBOUNCE_MS),
    fix: applyFix,
  });
  const engine = createEngine({
    progress: showProgress,
    ready: () => {
      find("loading").hidden = true;
      if (editor.text() !== refused) schedule(0);
    },
    failed: showFailure,
  });

  function schedule(delay) {
    version += 1;
    clearTimeout(timer);
    timer = setTimeout(run, delay);
  }

  /** Analyze the text; if it changes meanwhile, once more, but never twice at the same time. */
  async function run() {
    if (!engine.isReady()) return;
    if (isRunning) {
      isStale = true;
      return;
    }
    isRunning = true;
    isStale = false;
    const text = editor.text();
    const started = version;
    const start = performance.now();
    try {
      const found = await engine.call("analyze", text).finally(() => {
        performance.measure("analyze", { start });
      });
      if (started === version) {
        showAnalysis(found);
        if (found.sentence) await runDemo(text, started);
      }
    } catch (error) {
      if (error.isRestarting) refused = text;
      if (started === version) showFailure(error);
    } finally {
      isRunning = false;
      if (isStale) run();
    }
  }

  async function runDemo(text, started) {
    await new Promise((resolve) => setTimeout(resolve, DEMO_DELAY_MS));
    if (started !== version) return;
    const found = await engine.call("demo", text);
    if (started === version) showDemo(found);
  }

  async function applyFix(number) {
    if (!engine.isReady()) return;
    const text = editor.text();
    try {
      const fixed = await engine.call("fix", text, number);
      if (editor.text() === text) editor.replace(fixed);
    } catch (error) {
      showFailure(error);
    }
  }

  function showProgress(share, label) {
    find("loading").hidden = false;
    find("loading-label").textContent = label;
    find("progress").value = share;
  }

  function showFailure(error) {
    find("loading").hidden = !error.isRestarting;
    find("summary").textContent = error.message;
    find("fix-all").hidden = true;
    find("diagnostics").replaceChildren();
    editor.showDiagnostics([]);
    showMeaning("", "");
  }

  function showAnalysis(found) {
    analysis = found;
    const { diagnostics, summary, notes } = found;
    find("summary").textContent = summary;
    const fixable = diagnostics.filter((one) => one.fix === "safe").length;
    find("fix-all").hidden = !fixable;
    find("fix-all").textContent = fixable === 1 ? "Fix it" : `Fix all ${fixable}`;
    const items = diagnostics.map(diagnosticItem);
    const remarks = notes.map((text) =>
      element("li", {}, element("span", { className: "message", text })),
    );
    find("diagnostics").replaceChildren(...items, ...remarks);
    editor.showDiagnostics(diagnostics);
    editor.setLanguage(found.language);
    const hasError = diagnostics.some((one) => one.severity === "error");
    const reason = hasError ? "Fix the errors to see here what the query asks, and its result on made-up leads." : "";
    showMeaning(found.sentence, reason);
  }

  function diagnosticItem(one, number) {
    const place = one.line === null ? "" : `, line ${one.line}`;
    const jump = element(
      "button",
      { className: "jump", title: "Show it in the text" },
      element("span", { className: "severity", text: `${one.code} ${one.severity}`.trim() }),
      element("span", { text: place }),
      element("span", { className: "path", text: one.path ? ` ${one.path}` : "" }),
      element("span", { className: "message", text: one.message }),
    );
    jump.type = "button";
    jump.addEventListener("click", () => editor.select(one));
    const item = element("li", { className: one.severity }, jump);
    if (one.fix) {
      const isSafe = one.fix === "safe";
      const button = element("button", {
        text: isSafe ? "Fix" : "Likely fix",
        title: isSafe ? "The meaning stays the same" : "A guess: check that it is what you want",
      });
      button.type = "button";
      button.setAttribute("aria-label", `${button.textContent}: ${one.message}`);
      button.addEventListener("click", () => applyFix(number));
      item.append(button);
    }
    return item;
  }

  function showMeaning(sentence, reason) {
    const asked = find("sentence");
    asked.textContent = sentence || reason;
    asked.classList.toggle("empty", !sentence);
    find("result").hidden = true;
    find("forms").hidden = !sentence;
    if (sentence) showForm();
  }

  function showForm() {
    for (const name of FORMS) {
      const tab = find(`tab-${name}`);
      tab.setAttribute("aria-selected", String(name === form));
      tab.tabIndex = name === form ? 0 : -1;
    }
    find("form").setAttribute("aria-labelledby", `tab-${form}`);
    find("form-text").textContent = analysis.forms[form];
  }

  function showDemo(found) {
    const rows = find("rows");
    find("result").hidden = false;
    const leads = `${found.leads.toLocaleString("en")} made-up leads`;
    if (found.message) {
      find("result-note").textContent = found.message;
      rows.replaceChildren();
      return;
    }
    const what = found.grouped ? "groups" : "leads";
    const total = found.total.toLocaleString("en");
    const part = found.rows.length < found.total ? `; the first ${found.rows.length} are shown` : "";
    find("result-note").textContent = `${total} ${what} of ${leads}, as of 15 March 2026${part}`;
    rows.classList.toggle("bars", found.bars.length > 0);
    const head = element("tr", {}, ...found.columns.map((text, index) => headCell(text, index)));
    const body = found.rows.map((cells, number) => {
      const row = element(
        "tr",
        {},
        ...cells.map((text, index) =>
          element("td", { text, className: found.numeric[index] ? "number" : "label", title: text }),
        ),
      );
      if (found.bars.length) row.append(barCell(found.bars[number]));
      return row;
    });
    if (found.bars.length) head.append(element("td", { className: "bar" }));
    rows.replaceChildren(element("thead", {}, head), element("tbody", {}, ...body));

    function headCell(text, index) {
      const cell = element("th", { text, className: found.numeric[index] ? "number" : "" });
      cell.scope = "col";
      return cell;
    }
  }

  function barCell(share) {
    const bar = element("div");
    bar.style.width = `${(share * 100).toFixed(1)}%`;
    return element("td", { className: "bar" }, bar);
  }

  find("fix-all").addEventListener("click", () => applyFix(null));
  for (const button of document.querySelectorAll("[data-example]")) {
    button.addEventListener("click", () => editor.replace(EXAMPLES[button.dataset.example]));
  }
  for (const name of FORMS) {
    const tab = find(`tab-${name}`);
    tab.addEventListener("click", () => chooseForm(name));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const place = FORMS.indexOf(name) + step + FORMS.length;
      chooseForm(FORMS[place % FORMS.length]);
      find(`tab-${form}`).focus();
    });
  }
  find("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(find("form-text").textContent);
      find("copy").textContent = "Copied";
    } catch {
      find("copy").textContent = "Select and copy";
    }
    setTimeout(() => (find("copy").textContent = "Copy"), 2000);
  });

  function chooseForm(name) {
    form = name;
    showForm();
  }

  showMeaning("", "");
  if (example && editor.text() === EXAMPLES.payload) showAnalysis(example);
}

/** The text after `#text=` in the address, which browsers send to no server. */
function textOfAddress() {
  return new URLSearchParams(location.hash.slice(1)).get("text");
}
