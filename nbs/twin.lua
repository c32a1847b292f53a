-- A page for programs that read, NAME.html.md, links to others of its kind: the site has no notebooks.
function Link(link)
  local path, anchor = link.target:match('^([%w_./-]+)%.ipynb(#?.*)$')
  if not path then return nil end
  link.target = path:gsub('%f[^/\0]%d+_', '') .. '.html.md' .. anchor
  return link
end

-- Of a live network programs get the picture.
function Div(div)
  if not div.classes:includes('live') then return nil end
  return div.content:filter(function(block) return block.t ~= 'RawBlock' end)
end
