-- A page for programs that read, NAME.html.md, links to others of its kind: the site has no notebooks.
local function link_twin(link)
  local path, anchor = link.target:match('^([%w_./-]+)%.ipynb(#?.*)$')
  if not path then return nil end
  link.target = path:gsub('%f[^/\0]%d+_', '') .. '.html.md' .. anchor
  return link
end

-- Of a live network programs get the picture, or a line where there is none.
local function picture(div)
  if not div.classes:includes('live') then return nil end
  return div.content:filter(function(block) return block.t ~= 'RawBlock' end)
end

local function say(block)
  if not block.text:find('<script', 1, true) then return nil end
  return pandoc.Para('(An interactive part of the page, which runs in a browser.)')
end

return {{Div = picture}, {Link = link_twin, RawBlock = say}}
