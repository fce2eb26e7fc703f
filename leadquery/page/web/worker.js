// Runs leadquery in Pyodide. Each message is a call of `leadquery.page.analysis.call`.

import { SIZES } from "./sizes.js";

const FOLDER = "/lib/page";
const TOTAL = SIZES.python + SIZES.wasm + SIZES.library;
let received = 0;
let isReady = false;
let laterArchive = null;
let hasLater = false;

// Count the bytes of every file as it arrives.
const fetchFile = self.fetch.bind(self);
self.fetch = async (...request) => {
  // From the cache, so that a worker which starts again needs no network.
  const response = await fetchFile(request[0], { ...request[1], cache: "force-cache" });
  if (!response.ok) throw new Error(`${response.url.split("/").pop()}: HTTP ${response.status}`);
  const counter = new TransformStream({
    transform(chunk, controller) {
      received += chunk.byteLength;
      if (!isReady) report(Math.min(1, received / TOTAL) * 0.8, "Loading Python …");
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), response);
};

function report(progress, label) {
  self.postMessage({ progress, label });
}

async function download(name) {
  const response = await self.fetch(name);
  return response.arrayBuffer();
}

async function load() {
  const { loadPyodide } = await import("./pyodide/pyodide.mjs");
  const indexURL = new URL("pyodide/", self.location.href).href;
  const [pyodide, library] = await Promise.all([
    loadPyodide({ indexURL }),
    download("library.zip"),
  ]);
  report(0.9, "Loading leadquery …");
  pyodide.unpackArchive(library, "zip", { extractDir: FOLDER });
  pyodide.runPython(`import sys; sys.path.insert(0, "${FOLDER}")`);
  return { pyodide, call: pyodide.pyimport("leadquery.page.analysis").call };
}

const loaded = load();
loaded.then(
  () => {
    isReady = true;
    self.postMessage({ ready: true });
    // What reads SQL, and the time zones, come last, so that the page is ready sooner.
    laterArchive = download("sql.tar.xz").catch(() => null);
  },
  (error) => self.postMessage({ failure: String(error.message ?? error).trim().split("\n").pop() }),
);

async function loadLater(pyodide) {
  const archive = (await laterArchive) ?? (await download("sql.tar.xz"));
  pyodide.unpackArchive(archive, "xztar", { extractDir: FOLDER });
  pyodide.runPython(`
    import importlib, zoneinfo
    importlib.invalidate_caches()
    zoneinfo.reset_tzpath(["${FOLDER}/zoneinfo"])
  `);
  hasLater = true;
}

/** The answer to a call: its result, or why it is refused. */
async function answer(name, values) {
  const { pyodide, call } = await loaded;
  const [text] = JSON.parse(values);
  if (!hasLater && call("needs_later", JSON.stringify([text])) === "true") {
    try {
      await loadLater(pyodide);
    } catch {
      return { refusal: "A part of the page could not be loaded. Check the connection, and try again." };
    }
  }
  return { result: call(name, values) };
}

self.addEventListener("message", async ({ data: { id, name, values } }) => {
  try {
    self.postMessage({ id, ...(await answer(name, values)) });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
});
