-- What is left to do between a notebook, as nbdev prepares it, and its page.

-- `#| exports` shows its source folded; nbdev would open it.
local function fold(code)
  if code.attributes['code-fold'] == 'show' then code.attributes['code-fold'] = 'true' end
  return code
end

-- Printed text in columns is marked, so that it keeps them where other text wraps: two or more of its lines have two spaces inside.
-- A printed line of over 85 letters, or a table of over 9 columns, gets the margin, too.
local function mark_columns(div)
  if not div.classes:includes('cell-output') then return nil end
  local lines, longest, columns = 0, 0, 0
  div:walk({
    CodeBlock = function(code)
      for line in code.text:gmatch('[^\n]+') do
        if line:find('%S%s%s+%S') then lines = lines + 1 end
        longest = math.max(longest, utf8.len(line) or 0)
      end
    end,
    RawBlock = function(block)
      local head = block.text:match('<thead.-</thead>') or ''
      columns = math.max(columns, select(2, head:gsub('<th[ >]', '')))
    end,
  })
  if lines > 1 then div.classes:insert('columns') end
  if lines > 1 and longest > 85 or columns > 9 then
    div.classes:insert('wide')
    div.classes:insert('column-page-right')
  end
  return div
end

-- The parts of a formula with \qquad between them stand below each other where a line is too short for them.
local function split(math)
  if math.mathtype ~= 'DisplayMath' or not math.text:find('\\qquad', 1, true) then return nil end
  local parts, depth, rest = {''}, 0, math.text
  while rest ~= '' do
    local token = rest:match('^\\%a+') or rest:match('^\\.') or rest:sub(1, 1)
    rest = rest:sub(#token + 1)
    if token == '{' or token == '\\begin' then depth = depth + 1 end
    if token == '}' or token == '\\end' then depth = depth - 1 end
    if token == '\\qquad' and depth == 0 then parts[#parts + 1] = ''
    else parts[#parts] = parts[#parts] .. token end
  end
  local formulas = pandoc.List(parts):map(function(part) return pandoc.Math('DisplayMath', part) end)
  return pandoc.Span(formulas, {class = 'formulas'})
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

return {{Div = live}, {CodeBlock = fold, Div = mark_columns, Math = split, Table = wrap, Image = say}}
