// Send the requests of an Insomnia export as Insomnia does: each text is a template of Nunjucks.
const { readFileSync } = require("node:fs");
const { Environment } = require("nunjucks");

const [file, host, accessKey, secretKey] = process.argv.slice(2);
const templates = new Environment(null, { autoescape: false, throwOnUndefined: true });
const render = (text) => templates.renderString(text, { _: { host, accessKey, secretKey } });

const send = async (request) => {
  const pair = ({ name, value }) => [name, value].map(render).map(encodeURIComponent).join("=");
  const response = await fetch(`${render(request.url)}?${request.parameters.map(pair).join("&")}`, {
    method: request.method,
    headers: request.headers.map(({ name, value }) => [render(name), render(value)]),
    body: render(request.body.text),
    redirect: request.settingFollowRedirects === "off" ? "manual" : "follow",
  });
  console.log(await response.text());
};

(async () => {
  for (const resource of JSON.parse(readFileSync(file, "utf8")).resources)
    if (resource._type === "request") await send(resource);
})();
