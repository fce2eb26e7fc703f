"""JavaScript with fetch: an ES module that Node, Deno and Bun run."""

from __future__ import annotations

from typing import Final

from leadquery.exporters.base import Exporter, ExportRequest, single
from leadquery.exporters.scripts import ScriptTemplate
from leadquery.exporters.templating import as_json

FRAME: Final = """\
⟨comment⟩import process from "node:process";

function variable(name) {
  const value = (process.env[name] ?? "").trim();
  return value === "" ? fail(`the environment lacks ${name}`) : value;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

// What a redirect says may repeat the URL, which holds the keys.
function refuse(status, text) {
  fail(status >= 300 && status < 400 ? `status ${status}` : `status ${status}: ${text}`);
}

const host = variable("⟨HOST⟩").replace(/\\/+$/, "");
const origin = host.includes("://") ? host : `https://${host}`;
const url =
  `${origin}⟨PATH⟩` +
  `?⟨access⟩=${encodeURIComponent(variable("⟨ACCESS⟩"))}` +
  `&⟨secret⟩=${encodeURIComponent(variable("⟨SECRET⟩"))}` +
  `&⟨format⟩=⟨answer⟩`;
const payload = ⟨payload⟩;

async function ask() {
  // No error may show the URL: it holds the keys.
  try {
    const response = await fetch(url, {
      method: "⟨METHOD⟩",
      headers: { "Content-Type": "⟨CONTENT_TYPE⟩" },
      body: JSON.stringify(payload),
      redirect: "manual",
      signal: AbortSignal.timeout(⟨TIMEOUT⟩_000),
    });
    return [response, await response.text()];
  } catch (error) {
    return fail(`no answer: ${error.cause?.code ?? error.code ?? error.name}`);
  }
}

⟨answered⟩
⟨calls⟩"""

ANSWERED: Final = """\
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function answered() {
  const [response, text] = await ask();
  const answer = parsed(text);
  // Some errors come with status 200.
  if (response.status !== 200 || !answer?.⟨ROWS⟩) {
    refuse(response.status, text);
  }
  return answer;
}
"""

ANSWERED_CSV: Final = """\
async function answered() {
  const [response, text] = await ask();
  const kind = response.headers.get("Content-Type") ?? "";
  if (response.status !== 200 || !kind.startsWith("⟨CSV⟩")) {
    refuse(response.status, text);
  }
  return text;
}
"""

ONCE: Final = "console.log(JSON.stringify(await answered(), null, 2));\n"

ONCE_CSV: Final = "process.stdout.write(await answered());\n"

PAGES: Final = """\
const rows = [];
for (let page = 1; ; page += 1) {
  payload.⟨PAGING⟩.⟨INDEX⟩ = page;
  const { ⟨TOTAL⟩, ⟨ROWS⟩ } = await answered();
  rows.push(...⟨ROWS⟩);
  if (⟨ROWS⟩.length === 0 || rows.length >= Number(⟨TOTAL⟩)) {
    console.log(JSON.stringify({ ⟨TOTAL⟩, ⟨ROWS⟩: rows }, null, 2));
    break;
  }
  // ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
  await new Promise((resolve) => setTimeout(resolve, ⟨PAUSE⟩ * 1000));
}
"""

PAGES_CSV: Final = """\
for (let page = 1; ; page += 1) {
  payload.⟨PAGING⟩.⟨INDEX⟩ = page;
  const [, header, rows] = /^([^\\n]*\\n?)([^]*)$/.exec(await answered());
  if (page === 1) {
    process.stdout.write(header);
  }
  // The page behind the last one is its header alone.
  if (rows.trim() === "") {
    break;
  }
  process.stdout.write(rows.endsWith("\\n") ? rows : `${rows}\\n`);
  // ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
  await new Promise((resolve) => setTimeout(resolve, ⟨PAUSE⟩ * 1000));
}
"""

SCRIPT: Final = ScriptTemplate(
    FRAME, "//", json=(ANSWERED, ONCE, PAGES), csv=(ANSWERED_CSV, ONCE_CSV, PAGES_CSV)
)


def _write(sending: ExportRequest) -> str:
    # JSON is JavaScript; where the module stands in a page, `</script>` would end it.
    return SCRIPT.text(sending, payload=as_json(sending.payload).replace("</", "<\\/"))


EXPORTER: Final = Exporter(
    name="javascript",
    title="JavaScript with fetch: Node, Deno, Bun",
    suffix=".mjs",
    write=single(_write),
    writer="Python's `json`, since JSON is JavaScript",
    loops=True,
)
