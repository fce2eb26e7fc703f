// Uses the page that `leadquery serve --page` serves in Chromium, and prints what it saw as JSON.

import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const { url, executable, profile, flags } = JSON.parse(readFileSync(0, "utf8"));
const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const seen = { console: [] };
const context = await chromium.launchPersistentContext(profile, {
  executablePath: executable,
  args: flags,
});
const page = context.pages()[0] ?? (await context.newPage());
page.on("console", (message) => seen.console.push(message.text()));
page.on("pageerror", (error) => seen.console.push(error.message));

await page.goto(url);
await page.locator("#diagnostics .jump").first().click();
seen.selected = await page.evaluate(() => {
  const { value, selectionStart, selectionEnd } = document.querySelector("#editor textarea");
  return value.slice(selectionStart, selectionEnd);
});
seen.privacy = await page.locator("#privacy").textContent();
await page.locator("#fix-all").click();
await page.waitForSelector("#rows td.bar div", { timeout: 30_000 });
seen.sentence = await page.locator("#sentence").textContent();
seen.rows = await page.locator("#rows tbody tr").allTextContents();
await page.evaluate(`${axe}; 0`);
seen.axe = await page.evaluate(async () => (await globalThis.axe.run()).violations);
await context.close();
console.log(JSON.stringify(seen));
