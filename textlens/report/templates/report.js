(function () {
  "use strict";
  var STEP = 50;
  var data = JSON.parse(document.getElementById("data").textContent);
  var columns = data.columns, list = document.getElementById("comments"), more = document.getElementById("more");
  var words = document.getElementById("words"), count = document.getElementById("count"), filters = document.getElementById("filters");
  var chosen = {}, picked = null, matching = [], shown = 0;
  var page = window.textlens = { data: data, value: value, choose: choose, pick: pick, search: search, goToList: goToList, onSearch: [] };
  var fold = function (s) { return s.normalize("NFKC").toLowerCase(); };
  var folded = columns.text ? columns.text.values.map(fold) : [];

  function value(name, row) { var c = columns[name]; return c ? (c.names ? c.names[c.values[row]] : c.values[row]) : ""; }
  function element(tag, className, text) {
    var e = document.createElement(tag);
    if (className) { e.className = className; }
    if (text !== undefined) { e.textContent = text; }
    return e;
  }
  data.filters.forEach(function (name) {
    var label = element("label", "", columns[name].heading + " "), select = element("select");
    select.dataset.name = name;
    select.appendChild(new Option("すべて", ""));
    columns[name].names.forEach(function (n) { if (n) { select.appendChild(new Option(n, n)); } });
    select.addEventListener("change", function () { chosen[name] = select.value; search(); });
    label.appendChild(select);
    filters.appendChild(label);
  });
  function marked(row) {
    var text = columns.text.values[row], box = element("p", "text"), at = 0;
    var edges = [0, text.length], spans = data.spans.rows[row] || [];
    spans.forEach(function (s) { edges.push(s[0], s[1]); });
    edges = Array.from(new Set(edges)).sort(function (a, b) { return a - b; });
    for (var i = 0; i + 1 < edges.length; i += 1) {
      var from = edges[i], to = edges[i + 1];
      var why = spans.filter(function (s) { return s[0] <= from && to <= s[1]; });
      if (!why.length) { box.appendChild(document.createTextNode(text.slice(from, to))); continue; }
      var names = Array.from(new Set(why.map(function (s) { return data.spans.names[s[2]]; })));
      var mark = element("mark", "", text.slice(from, to));
      mark.title = "根拠: " + names.join("、");
      var ending = Array.from(new Set(why.filter(function (s) { return s[1] === to; }).map(function (s) { return data.spans.names[s[2]]; })));
      if (ending.length) { mark.appendChild(element("span", "why", ending.join("・"))); }
      box.appendChild(mark);
    }
    return box;
  }
  function item(row) {
    var li = element("li"), head = element("div");
    head.appendChild(element("span", "id", value("id", row)));
    Object.keys(columns).forEach(function (name) {
      var v = value(name, row);
      if (!v || name === "id" || name === "text" || name === "intent" || data.attributes.indexOf(name) >= 0) { return; }
      if (name === "legal_check" && v !== "要確認") { return; }
      if (name === "status" && v === "意見あり") { return; }
      var check = name === "legal_check" || name === "urgent" || name === "held";
      head.appendChild(element("span", check ? "tag check" : "tag", name === "kinds" || name === "polarity" ? v : columns[name].heading + ": " + v));
    });
    li.appendChild(head);
    li.appendChild(marked(row));
    return li;
  }
  function grow(n) {
    var part = document.createDocumentFragment(), end = Math.min(shown + n, matching.length);
    for (; shown < end; shown += 1) { part.appendChild(item(matching[shown])); }
    list.appendChild(part);
    more.hidden = shown >= matching.length;
    count.textContent = "全 " + data.n.toLocaleString("ja") + " 通のうち " + matching.length.toLocaleString("ja") + " 通が当てはまり、" + shown.toLocaleString("ja") + " 通を出しています。";
  }
  function search() {
    var wanted = fold(words.value).split(/\s+/).filter(Boolean);
    matching = [];
    for (var row = 0; row < data.n; row += 1) {
      if (picked && picked.indexOf(row) < 0) { continue; }
      var fits = Object.keys(chosen).every(function (name) { return !chosen[name] || value(name, row) === chosen[name]; });
      if (fits && wanted.every(function (w) { return folded[row].indexOf(w) >= 0 || String(value("id", row)) === w; })) { matching.push(row); }
    }
    list.textContent = "";
    shown = 0;
    grow(STEP);
    page.onSearch.forEach(function (tell) { tell(matching); });
  }
  function pick(rows) {
    chosen = {};
    words.value = "";
    picked = rows;
    show();
  }
  function goToList() {
    document.getElementById("list").scrollIntoView();
    document.getElementById("h-list").setAttribute("tabindex", "-1");
    document.getElementById("h-list").focus();
  }
  function choose(filter) {
    chosen = filter;
    picked = null;
    words.value = "";
    show();
  }
  function show() {
    filters.querySelectorAll("select").forEach(function (s) { s.value = chosen[s.dataset.name] || ""; });
    search();
  }
  var timer;
  words.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(search, 150); });
  more.addEventListener("click", function () { grow(STEP); });
  document.getElementById("all").addEventListener("click", function () { grow(matching.length); });
  document.getElementById("reset").addEventListener("click", function () { choose({}); });
  document.getElementById("marks").addEventListener("change", function (e) { document.body.classList.toggle("plain", !e.target.checked); });
  document.querySelectorAll("button.cell").forEach(function (b) {
    b.addEventListener("click", function () {
      choose(JSON.parse(b.dataset.filter));
      goToList();
    });
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (d) { d.open = true; });
  });
  if (data.spans.names.length) { document.getElementById("legend").textContent = "下線は判定の根拠の語、右肩の字は何の根拠かを示します。"; }
  search();
}());
