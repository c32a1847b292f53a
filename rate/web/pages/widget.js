// The front end of an anywidget. Python fills in what begins with a dollar.
const assets = $assets;
$program
const start = modules['$page'].$start;
export default {render: given => modules['pages/live.mjs'].render(start, {...given, assets})};
