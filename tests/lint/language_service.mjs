// The JSON language service of VS Code: answers requests from stdin as JSON.
//
// {schemas, requests}: each request has a method, the name of a schema, and a text, in which a bar
// marks the cursor.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [packages] = process.argv.slice(2);
const { getLanguageService, TextDocument } = createRequire(packages)("vscode-json-languageservice");
const { schemas, requests } = JSON.parse(readFileSync(0, "utf8"));

const services = Object.fromEntries(
  Object.entries(schemas).map(([name, schema]) => {
    const service = getLanguageService({});
    service.configure({ schemas: [{ uri: "test://schema", fileMatch: ["*.json"], schema }] });
    return [name, service];
  }),
);

const plain = (text) => (text?.value ?? text ?? "").replaceAll("\\", "");

const methods = {
  complete: async (service, document, position, parsed) => {
    const { items } = await service.doComplete(document, position, parsed);
    return Object.fromEntries(items.map((item) => [item.label, plain(item.documentation)]));
  },
  hover: async (service, document, position, parsed) => {
    const { contents } = await service.doHover(document, position, parsed);
    return contents.map(plain).join("\n");
  },
  validate: async (service, document, _, parsed) =>
    (await service.doValidation(document, parsed)).map(({ range, severity, message }) => [
      range.start.line + 1, range.start.character + 1, severity, message,
    ]),
};

const answers = [];
for (const { method, schema, text } of requests) {
  const cursor = method === "validate" ? 0 : text.indexOf("|");
  const written = method === "validate" ? text : text.replace("|", "");
  const document = TextDocument.create("file:///payload.json", "json", 1, written);
  const service = services[schema];
  const parsed = service.parseJSONDocument(document);
  answers.push(await methods[method](service, document, document.positionAt(cursor), parsed));
}
process.stdout.write(JSON.stringify(answers));
