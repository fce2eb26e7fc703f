// The page that `leadquery serve --page` serves: Python answers over HTTP, on this machine.

import { createEditor } from "./editor.js";
import { start } from "./page.js";

function createEngine({ ready }) {
  queueMicrotask(ready);
  return {
    isReady: () => true,
    async call(name, ...values) {
      const response = await fetch("call", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify([name, ...values]),
      });
      if (!response.ok) throw new Error((await response.text()) || "the server has stopped");
      return response.json();
    },
  };
}

document.getElementById("privacy").textContent = "Nothing leaves your machine.";
start(createEditor, createEngine);
