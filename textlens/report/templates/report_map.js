(function () {
  "use strict";
  var page = window.textlens, map = page && page.data.map, box = document.getElementById("map");
  if (!map || !box) { return; }
  var NS = "http://www.w3.org/2000/svg", SIZE = 1000, MIDDLE = SIZE / 2, SCALE = 430;
  var COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444"];
  var topic = page.data.columns.topic, svg = make("svg", { viewBox: "0 0 " + SIZE + " " + SIZE, role: "img", "aria-label": "話題の地図。点は一通ずつ、円は話題" });
  var dots = {}, radius = Math.max(3, Math.min(8, 180 / Math.sqrt(map.rows.length)));

  function make(tag, attributes) {
    var e = document.createElementNS(NS, tag);
    Object.keys(attributes).forEach(function (name) { e.setAttribute(name, attributes[name]); });
    return e;
  }
  function x(i) { return MIDDLE + SCALE * map.x[i]; }
  function y(i) { return MIDDLE - SCALE * map.y[i]; }
  function short(text) { return text.length > 60 ? text.slice(0, 60) + "…" : text; }

  var sums = {};
  map.rows.forEach(function (row, i) {
    var name = topic.names[topic.values[row]], rest = map.rest === name;
    var dot = make("circle", { cx: x(i).toFixed(1), cy: y(i).toFixed(1), r: radius, fill: rest ? "#8A8A8A" : COLOURS[map.number[name] % COLOURS.length] });
    dot.dataset.row = row;
    var hint = make("title", {});
    hint.textContent = name + "\n" + short(page.value("text", row));
    dot.appendChild(hint);
    svg.appendChild(dot);
    dots[row] = dot;
    var s = sums[name] = sums[name] || { x: 0, y: 0, n: 0, reach: 0 };
    s.x += x(i); s.y += y(i); s.n += 1;
  });
  Object.keys(sums).forEach(function (name) { sums[name].x /= sums[name].n; sums[name].y /= sums[name].n; });
  map.rows.forEach(function (row, i) {
    var s = sums[topic.names[topic.values[row]]];
    s.reach = Math.max(s.reach, Math.hypot(x(i) - s.x, y(i) - s.y) + radius);
  });
  Object.keys(sums).forEach(function (name) {
    var s = sums[name], label = make("text", { x: s.x.toFixed(1), y: (s.y - s.reach - 6).toFixed(1), tabindex: 0, role: "button" });
    label.textContent = name + "（" + s.n.toLocaleString("ja") + "）";
    function open() { page.choose({ topic: name }); page.goToList(); }
    label.addEventListener("click", open);
    label.addEventListener("keydown", function (e) { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); open(); } });
    svg.appendChild(label);
    s.label = label;
  });
  // Names in the order of size: above the topic, below it or in its middle, where no other name stands and the fewest dots are covered.
  function placeNames() {
    var taken = [], names = Object.keys(sums).sort(function (a, b) { return sums[b].n - sums[a].n; });
    names.forEach(function (name) {
      var s = sums[name], box = s.label.getBBox(), half = box.width / 2, up = Number(s.label.getAttribute("y")) - box.y, best = null;
      var middle = Math.min(Math.max(s.x, half + 2), SIZE - half - 2), above = s.y - s.reach - 6, below = s.y + s.reach + up + 2;
      [above, below, above - 14, below + 14, (above + below) / 2, above - 28, below + 28].forEach(function (place) {
        var b = { left: middle - half, right: middle + half, top: place - up, bottom: place - up + box.height }, cost = 0;
        taken.forEach(function (t) { if (b.left < t.right && t.left < b.right && b.top < t.bottom && t.top < b.bottom) { cost += SIZE; } });
        names.forEach(function (other) {
          var o = sums[other], dx = Math.max(b.left - o.x, o.x - b.right, 0), dy = Math.max(b.top - o.y, o.y - b.bottom, 0);
          cost += Math.max(o.reach - Math.hypot(dx, dy), 0);
        });
        if (!best || cost < best.cost) { best = b; best.place = place; best.cost = cost; }
      });
      s.label.setAttribute("x", middle.toFixed(1));
      s.label.setAttribute("y", best.place.toFixed(1));
      taken.push(best);
    });
  }
  svg.addEventListener("click", function (e) {
    if (e.target.tagName === "circle") { page.pick([Number(e.target.dataset.row)]); page.goToList(); }
  });

  var from = null, frame = make("rect", { "class": "frame", visibility: "hidden" });
  svg.appendChild(frame);
  function at(e) {
    var r = svg.getBoundingClientRect(), scale = SIZE / r.width;
    return [(e.clientX - r.left) * scale, (e.clientY - r.top) * scale];
  }
  svg.addEventListener("pointerdown", function (e) { if (e.target === svg) { from = at(e); svg.setPointerCapture(e.pointerId); } });
  svg.addEventListener("pointermove", function (e) {
    if (!from) { return; }
    var to = at(e);
    frame.setAttribute("x", Math.min(from[0], to[0])); frame.setAttribute("y", Math.min(from[1], to[1]));
    frame.setAttribute("width", Math.abs(to[0] - from[0])); frame.setAttribute("height", Math.abs(to[1] - from[1]));
    frame.setAttribute("visibility", "visible");
  });
  svg.addEventListener("pointerup", function (e) {
    if (!from) { return; }
    var to = at(e), left = Math.min(from[0], to[0]), right = Math.max(from[0], to[0]), top = Math.min(from[1], to[1]), bottom = Math.max(from[1], to[1]);
    from = null;
    frame.setAttribute("visibility", "hidden");
    if (right - left < 6 || bottom - top < 6) { return; }
    var inside = map.rows.filter(function (row, i) { return left <= x(i) && x(i) <= right && top <= y(i) && y(i) <= bottom; });
    if (inside.length) { page.pick(inside); page.goToList(); }
  });
  page.onSearch.push(function (matching) {
    var fits = {};
    matching.forEach(function (row) { fits[row] = true; });
    map.rows.forEach(function (row) { dots[row].setAttribute("class", fits[row] ? "" : "dim"); });
  });
  box.textContent = "";
  box.appendChild(svg);
  placeNames();
  page.search();
}());
