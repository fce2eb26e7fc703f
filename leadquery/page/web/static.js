// The static page: CodeMirror, and Python in a worker.

import { createEditor } from "./codemirror.js";
import { ANALYSIS } from "./examples.js";
import { start } from "./page.js";
import { createEngine } from "./worker_engine.js";

start(createEditor, createEngine, ANALYSIS);
