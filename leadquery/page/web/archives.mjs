// Compiles the archives of Python for the browser, with the Python of Pyodide itself.

import { readFileSync, writeFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const STANDARD = "node_modules/pyodide/python_stdlib.zip";
const TARGETS = {
  "library.zip": "written/library.zip",
  "sql.tar.xz": "written/sql.tar.xz",
  "standard.zip": "written/pyodide/python_stdlib.zip",
};

const read = (name) => new Uint8Array(readFileSync(name));
const pyodide = await loadPyodide();
for (const [name, source] of [["library", "library.zip"], ["sql", "sql.zip"], ["standard", STANDARD]]) {
  pyodide.unpackArchive(read(source), "zip", { extractDir: `/work/${name}` });
}
pyodide.runPython(readFileSync("archives.py", "utf8"));
pyodide.runPython('write_archives(Path("/work"))');
for (const [name, target] of Object.entries(TARGETS)) {
  writeFileSync(target, pyodide.FS.readFile(`/work/${name}`));
}
