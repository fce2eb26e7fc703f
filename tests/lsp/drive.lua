-- Opens a payload with the language server, fixes it, completes a field, and writes what Neovim shows.
-- Only calls of Neovim 0.7 are used.
local command = vim.json.decode(vim.env.LEADQUERY_COMMAND)
local results = {}

local function wait_for(what, condition)
  if not vim.wait(30000, condition, 20) then
    error("waited in vain for " .. what)
  end
end

local function run()
  local client = vim.lsp.start_client({
    name = "leadquery",
    cmd = command,
    root_dir = vim.fn.getcwd(),
    init_options = { fields = "fields.json" },
  })
  vim.lsp.buf_attach_client(0, client)
  wait_for("diagnostics", function()
    return #vim.diagnostic.get(0) > 0
  end)
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(results, { one.code, one.lnum, one.col, one.end_col, one.message })
  end

  local function request(method, params)
    return vim.lsp.buf_request_sync(0, method, params, 30000)[client].result
  end

  vim.api.nvim_win_set_cursor(0, { 3, vim.fn.getline(3):find("LIKE") - 1 })
  local params = vim.lsp.util.make_range_params(0, "utf-16")
  params.context = { diagnostics = {} }
  local action = request("textDocument/codeAction", params)[1]
  table.insert(results, action.title)
  vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
  table.insert(results, vim.fn.getline(3))

  vim.api.nvim_win_set_cursor(0, { 4, vim.fn.getline(4):find("mx_Co") + 4 })
  local at = vim.lsp.util.make_position_params(0, "utf-16")
  local item = request("textDocument/completion", at).items[1]
  table.insert(results, { item.label, item.detail })
  vim.lsp.util.apply_text_edits({ item.textEdit }, 0, "utf-16")
  table.insert(results, vim.fn.getline(4))
  wait_for("no diagnostics", function()
    return #vim.diagnostic.get(0) == 0
  end)
end

local ok, problem = pcall(run)
if not ok then
  table.insert(results, tostring(problem))
end
vim.fn.writefile({ vim.json.encode(results) }, vim.env.LEADQUERY_OUT)
vim.cmd("qa!")
