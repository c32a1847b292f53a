-- What Quarto and nbdev leave to be done on the way from a notebook to a page.

-- `#| exports` shows its source folded; nbdev unfolds it.
function CodeBlock(code)
  if code.attributes['code-fold'] == 'show' then code.attributes['code-fold'] = 'true' end
  return code
end

-- Printed text in columns is marked, so that it scrolls where other text wraps: at least two lines with two spaces inside.
function Div(div)
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
function Table(table) return pandoc.Div(table, {class = 'scroll'}) end

-- What a picture's brackets say is read aloud, too.
function Image(image)
  image.attributes['fig-alt'] = image.attributes['fig-alt'] or pandoc.utils.stringify(image.caption)
  return image
end

-- A page for programs that read, NAME.html.md, links to others of its kind; the notebooks are not part of the site.
function Link(link)
  local path, anchor = link.target:match('^([%w_./-]+)%.ipynb(#?.*)$')
  if not path or not FORMAT:match('commonmark') then return nil end
  link.target = path:gsub('%f[^/\0]%d+_', '') .. '.html.md' .. anchor
  return link
end
