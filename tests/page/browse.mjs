// Uses the page in Chromium, and prints what it saw as JSON. Its input, as JSON on stdin, has the
// address of the page, the texts to analyze, and the texts to paste.

import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const { url, executable, profile, flags, texts, pasted, pictures } = JSON.parse(
  readFileSync(0, "utf8"),
);
const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const seen = { console: [], requests: [], axe: {}, pasted: {}, widths: {} };

const context = await chromium.launchPersistentContext(profile, {
  executablePath: executable,
  viewport: { width: 1280, height: 900 },
  args: flags,
});
const page = context.pages()[0] ?? (await context.newPage());
page.on("console", (message) => seen.console.push(message.text()));
page.on("pageerror", (error) => seen.console.push(error.message));
context.on("request", (request) => seen.requests.push(request.url()));

const $ = (id) => page.locator(`#${id}`);
const isReady = () => document.getElementById("loading").hidden;
const hasResult = () => !document.getElementById("result").hidden;
const analyses = () => page.evaluate(() => performance.getEntriesByName("analyze").length);

async function picture(name) {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

async function violations(name) {
  const found = await page.evaluate(async () => (await globalThis.axe.run()).violations);
  seen.axe[name] = found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html)}`);
}

/** Replace the text as a paste does. */
async function paste(text) {
  await page.evaluate(() => {
    document.getElementById("editor").shadowRoot.querySelector(".cm-content").focus();
  });
  await page.keyboard.press("Control+a");
  await page.evaluate((content) => {
    const editor = document.getElementById("editor").shadowRoot.querySelector(".cm-content");
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", content);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    editor.dispatchEvent(event);
  }, text);
}

/** The summary once a changed text is analyzed. */
async function summaryAfter(change, timeout = 30_000) {
  const before = await analyses();
  await change();
  await page.waitForFunction(
    (count) => performance.getEntriesByName("analyze").length > count,
    before,
    { timeout },
  );
  await page.waitForTimeout(50);
  return $("summary").textContent();
}

// Before Python is there, which waits here until all is seen.
let letPythonCome;
const pythonMayCome = new Promise((resolve) => (letPythonCome = resolve));
await page.context().route("**/*.wasm", async (route) => {
  await pythonMayCome;
  await route.continue();
});
let begin = Date.now();
await page.goto(url);
await page.waitForSelector("#diagnostics li");
seen.shownAfter = Date.now() - begin;
seen.early = await $("summary").textContent();
await $("loading").waitFor({ state: "visible" });
await picture("loading");
letPythonCome();
await page.waitForFunction(isReady, null, { timeout: 120_000 });
await page.waitForFunction(() => performance.getEntriesByName("analyze").length > 0);
seen.readyAfter = Date.now() - begin;

// The same analyses as in CPython, in a worker of its own.
seen.analyses = await page.evaluate(async (all) => {
  const worker = new Worker("worker.js", { type: "module" });
  const results = new Map();
  await new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => {
      if (data.id === undefined) return;
      results.set(data.id, data.result ?? data.error);
      if (results.size === all.length) resolve();
    });
    all.forEach((text, id) => {
      worker.postMessage({ id, name: "analyze", values: JSON.stringify([text]) });
    });
  });
  worker.terminate();
  return all.map((_, id) => results.get(id));
}, texts);

// From here on, everything is done without a network.
await page.waitForLoadState("networkidle");
await context.setOffline(true);
seen.requestsUntilOffline = seen.requests.length;
await page.evaluate(`${axe}; 0`);

for (const scheme of ["light", "dark"]) {
  await page.emulateMedia({ colorScheme: scheme });
  await violations(`errors, ${scheme}`);
  await picture(`errors-${scheme}`);
}
await page.emulateMedia({ colorScheme: "light" });

// Click a diagnostic, fix one, fix all.
await page.locator("#diagnostics .jump").first().click();
seen.selected = await page.evaluate(() => {
  const root = document.getElementById("editor").shadowRoot;
  return (root.getSelection?.() ?? getSelection()).toString();
});
seen.diagnostics = await page.locator("#diagnostics li").count();
const fix = page.locator("#diagnostics li button:not(.jump)").first();
seen.fixedOne = await summaryAfter(() => fix.click());
seen.fixedAll = await summaryAfter(() => $("fix-all").click());
seen.sentence = await $("sentence").textContent();
begin = Date.now();
await page.waitForFunction(hasResult, null, { timeout: 60_000 });
seen.resultAfter = Date.now() - begin;
seen.note = await $("result-note").textContent();
seen.rows = await page.locator("#rows tbody tr").allTextContents();
seen.bars = await page.locator("#rows td.bar div").evaluateAll((bars) =>
  bars.map((bar) => bar.getBoundingClientRect().width),
);

// The other forms, by mouse and by keyboard.
seen.forms = {};
await $("tab-python").focus();
for (const name of ["python", "payload", "curl", "plan"]) {
  if (name !== "python") await page.keyboard.press("ArrowRight");
  seen.forms[name] = await $("form-text").textContent();
  seen.focus = await page.evaluate(() => document.activeElement.id);
}
for (const scheme of ["light", "dark"]) {
  await page.emulateMedia({ colorScheme: scheme });
  await violations(`result, ${scheme}`);
  await picture(`result-${scheme}`);
}

// The examples.
seen.examples = {};
for (const name of ["sql", "python"]) {
  await summaryAfter(() => page.locator(`[data-example=${name}]`).click());
  await page.waitForFunction(hasResult, null, { timeout: 60_000 });
  seen.examples[name] = {
    sentence: await $("sentence").textContent(),
    rows: await page.locator("#rows tbody tr").allTextContents(),
  };
  await picture(name);
}

// A phone.
await page.setViewportSize({ width: 390, height: 844 });
for (const scheme of ["light", "dark"]) {
  await page.emulateMedia({ colorScheme: scheme });
  await violations(`phone, ${scheme}`);
  await picture(`phone-${scheme}`);
}
seen.widths.phone = await page.evaluate(() => document.scrollingElement.scrollWidth);
await page.setViewportSize({ width: 1280, height: 900 });

// Type into a value of a correct payload.
const filter = '{"LookUpName": "Source", "SqlOperator": "=", "LookUpValue": ""}';
const output = '"Output": {"Type": "list", "IncludeCSV": "Phone"}';
const paging = '"Paging": {"PageIndex": 1, "PageSize": 10}';
await summaryAfter(() =>
  paste(`{${output}, ${paging}, "ReportFilter": {"LeadFilters": [${filter}]}}`),
);
await page.evaluate(() => performance.clearMeasures());
for (let step = 0; step < 5; step += 1) await page.keyboard.press("ArrowLeft");
for (const letter of "abcdefghijklmnopqrstuvwxyz") {
  await summaryAfter(() => page.keyboard.type(letter));
}
seen.typed = await $("sentence").textContent();
seen.keystrokes = await page.evaluate(() =>
  performance.getEntriesByName("analyze").map((entry) => entry.duration),
);
seen.requestsAtEnd = seen.requests.length;

// Hostile texts: an answer or a refusal, and the page works afterwards.
for (const [name, text] of Object.entries(pasted)) {
  begin = Date.now();
  const summary = await summaryAfter(() => paste(text));
  seen.pasted[name] = {
    summary,
    milliseconds: Date.now() - begin,
    messages: await page.locator("#diagnostics .message").allTextContents(),
    scripts: await page.evaluate(() => document.scripts.length),
  };
  await page.waitForFunction(isReady, null, { timeout: 60_000 });
}
seen.console = [...new Set(seen.console)];
seen.afterwards = await summaryAfter(() => page.locator("[data-example=payload]").click());
seen.memory = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? null);
await context.close();
console.log(JSON.stringify(seen));
