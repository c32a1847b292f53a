-- What is left to do between a notebook, as nbdev prepares it, and its page.

-- `#| exports` shows its source folded; nbdev would open it.
local function fold(code)
  if code.attributes['code-fold'] == 'show' then code.attributes['code-fold'] = 'true' end
  return code
end

-- Printed text in columns is marked, so that it scrolls where other text wraps: two or more of its lines have two spaces inside.
local function mark_columns(div)
  if not div.classes:includes('cell-output') then return nil end
  local lines = 0
  div:walk({CodeBlock = function(code)
    for line in code.text:gmatch('[^\n]+') do
      if line:find('%S%s%s+%S') then lines = lines + 1 end
    end
  end})
  if lines > 1 then div.classes:insert('columns') end
  return div
end

-- A table that is too wide for the window scrolls by itself.
local function wrap(table) return pandoc.Div(table, {class = 'scroll'}) end

-- What stands in a picture's brackets is read aloud, too.
local function say(image)
  image.attributes['fig-alt'] = image.attributes['fig-alt'] or pandoc.utils.stringify(image.caption)
  return image
end

-- Of a live network a page gets the network, and none of the picture that stands for it elsewhere.
local function live(div)
  if not div.classes:includes('live') then return nil end
  div.content = div.content:filter(function(block) return block.t == 'RawBlock' end)
  return div
end

return {{Div = live}, {CodeBlock = fold, Div = mark_columns, Table = wrap, Image = say}}
