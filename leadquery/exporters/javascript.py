"""JavaScript with fetch: an ES module for Node, Deno and Bun."""

from __future__ import annotations

from typing import Final

from leadquery.exporters.base import (
    ExportRequest,
    ResponseCode,
    ScriptTemplate,
    ascii_json,
    script_exporter,
)

TEMPLATE: Final = ScriptTemplate(
    comment_mark="//",
    frame="""\
⟨comment⟩import process from "node:process";

function variable(name) {
  const value = (process.env[name] ?? "").trim();
  return value === "" ? fail(`the environment lacks ${name}`) : value;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

// A redirect may repeat the URL, which holds the keys.
function refuse(status, text) {
  fail(status >= 300 && status < 400 ? `status ${status}` : `status ${status}: ${text}`);
}

const host = variable("⟨HOST⟩").replace(/\\/+$/, "");
const origin = host.includes("://") ? host : `https://${host}`;
const url =
  `${origin}⟨PATH⟩` +
  `?⟨access⟩=${encodeURIComponent(variable("⟨ACCESS⟩"))}` +
  `&⟨secret⟩=${encodeURIComponent(variable("⟨SECRET⟩"))}` +
  `&⟨format⟩=⟨response_format⟩`;
const payload = ⟨payload⟩;

async function ask() {
  // Do not show the URL in an error: it holds the keys.
  try {
    const response = await fetch(url, {
      method: "⟨METHOD⟩",
      // A compressed response that breaks off would look complete.
      headers: { "Content-Type": "⟨CONTENT_TYPE⟩", "Accept-Encoding": "identity" },
      body: JSON.stringify(payload),
      redirect: "manual",
      signal: AbortSignal.timeout(⟨TIMEOUT⟩_000),
    });
    return [response, await response.text()];
  } catch (error) {
    return fail(`no response: ${error.cause?.code ?? error.code ?? error.name}`);
  }
}

⟨check⟩
⟨calls⟩""",
    json=ResponseCode(
        check="""\
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function receive() {
  const [response, text] = await ask();
  const parsed = parse(text);
  // Without any rows, the list may be missing.
  const isEmpty = String(parsed?.⟨TOTAL⟩) === "0";
  // Some errors have status 200.
  if (response.status !== 200 || !(Array.isArray(parsed?.⟨ROWS⟩) || isEmpty)) {
    refuse(response.status, text);
  }
  return parsed;
}
""",
        one_page="console.log(JSON.stringify(await receive(), null, 2));\n",
        all_pages="""\
const rows = [];
let total = "0";
for (let page = 1; ; page += 1) {
  payload.⟨PAGING⟩.⟨INDEX⟩ = page;
  const result = await receive();
  const found = result.⟨ROWS⟩ ?? [];
  rows.push(...found);
  // After the last page, the total is 0.
  if (Number(result.⟨TOTAL⟩) !== 0) {
    total = result.⟨TOTAL⟩;
  }
  const isLast = page * payload.⟨PAGING⟩.⟨SIZE⟩ >= Number(total);
  if (rows.length >= Number(total) || (found.length === 0 && isLast)) {
    console.log(JSON.stringify({ ⟨TOTAL⟩: total, ⟨ROWS⟩: rows }, null, 2));
    break;
  }
  // At most ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds.
  await new Promise((resolve) => setTimeout(resolve, ⟨PAUSE⟩ * 1000));
}
""",
    ),
    csv=ResponseCode(
        check="""\
async function receive() {
  const [response, text] = await ask();
  const kind = response.headers.get("Content-Type") ?? "";
  if (response.status !== 200 || !kind.startsWith("⟨CSV⟩")) {
    refuse(response.status, text);
  }
  return text;
}
""",
        one_page="process.stdout.write(await receive());\n",
        all_pages="""\
for (let page = 1; ; page += 1) {
  payload.⟨PAGING⟩.⟨INDEX⟩ = page;
  const [, header, rows] = /^([^\\n]*\\n?)([^]*)$/.exec(await receive());
  if (page === 1) {
    process.stdout.write(header);
  }
  // CSV has no total: the first page with only a header is the end.
  if (rows === "") {
    break;
  }
  process.stdout.write(rows.endsWith("\\n") ? rows : `${rows}\\n`);
  // At most ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds.
  await new Promise((resolve) => setTimeout(resolve, ⟨PAUSE⟩ * 1000));
}
""",
    ),
)


def _parts(request: ExportRequest) -> dict[str, str]:
    # JSON is JavaScript. If the module is part of an HTML page, `</script>` would end it.
    return {"payload": ascii_json(request.payload).replace("</", "<\\/")}


JAVASCRIPT: Final = script_exporter(
    name="javascript",
    title="JavaScript with fetch: Node, Deno, Bun",
    suffix=".mjs",
    template=TEMPLATE,
    parts=_parts,
    written_by="Python's `json`, since JSON is JavaScript",
)
