"use strict";
(function () {
  function choose(tab, focus) {
    tab.parentElement.querySelectorAll("[role=tab]").forEach(function (other) {
      var chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
    });
    if (focus) tab.focus();
  }
  document.querySelectorAll("[role=tablist]").forEach(function (list) {
    var tabs = Array.from(list.querySelectorAll("[role=tab]"));
    tabs.forEach(function (tab, i) {
      tab.addEventListener("click", function () { choose(tab, false); });
      tab.addEventListener("keydown", function (event) {
        var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        var next = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1
          : step ? (i + step + tabs.length) % tabs.length : -1;
        if (next < 0) return;
        event.preventDefault();
        choose(tabs[next], true);
      });
    });
    choose(tabs[0], false);
  });
  function open(hash) {
    var target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target) return;
    for (var at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
      var tab = at.getAttribute("role") === "tabpanel" && document.getElementById(at.getAttribute("aria-labelledby"));
      if (tab) choose(tab, false);
    }
  }
  window.addEventListener("hashchange", function () { open(location.hash); });
  open(location.hash);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.fold").forEach(function (box) { box.open = true; });
  });

  var gantt = document.querySelector(".gantt");
  if (!gantt) return;
  var scroll = gantt.querySelector(".gantt-scroll"), axis = gantt.querySelector(".time-axis");
  var detail = document.querySelector(".gantt-detail"), bars = Array.from(gantt.querySelectorAll(".bar"));
  var dues = Array.from(gantt.querySelectorAll(".due")).map(function (due) {
    var name = due.querySelector("text");
    return { at: Number(due.dataset.at) / 100, wide: Number(due.dataset.wide), name: name, words: name.textContent };
  });
  var days = Number(gantt.dataset.days), usual = Number(gantt.dataset.fit), zoom = usual, chosen = null;
  var earlier = gantt.querySelector(".flag.earlier"), later = gantt.querySelector(".flag.later");
  function wide() { return axis.getBoundingClientRect().width; }
  function seen() { return scroll.clientWidth - (gantt.querySelector(".time-name").offsetWidth || 0); }
  function nameBar(bar, full) {
    var name = bar.querySelector(".bar-name");
    if (!name) return;
    var inside = Number(bar.dataset.wide) / 100 * full - 9, beside = Number(bar.dataset.free) / 100 * full - 10;
    var words = shorten(bar.dataset, inside), out = words === "" ? shorten(bar.dataset, beside) : "";
    name.textContent = words || out;
    name.setAttribute("x", out ? bar.dataset.beside : "0");
  }
  function shorten(data, room) {
    var words = data.letter + " " + data.words, keep = Math.floor(room / 6.7);
    return keep >= words.length ? words : keep >= data.letter.length + 5 ? words.slice(0, keep - 1).trim() + "…"
      : room >= data.letter.length * 8 ? data.letter : "";
  }
  function nameDues(full) {
    var free = {};
    dues.forEach(function (due) {
      var x = due.at * full, early = x < due.wide, left = early ? x : x - due.wide;
      var lane = ["36", "50"].find(function (y) { return left >= (free[y] === undefined ? -Infinity : free[y]); });
      due.name.style.display = lane ? "" : "none";
      if (!lane) return;
      due.name.setAttribute("y", lane);
      due.name.setAttribute("dx", early ? 6 : -6);
      due.name.classList.toggle("end", !early);
      free[lane] = left + due.wide;
    });
  }
  function flags() {
    var full = wide(), right = scroll.scrollLeft + seen();
    var ahead = dues.filter(function (due) { return due.at * full > right + 1; }).map(function (due) { return due.words; })
      .concat(later.dataset.beyond ? later.dataset.beyond.split("|") : []);
    later.hidden = !ahead.length;
    var shown = seen() < 300 ? 1 : 2;
    later.textContent = ahead.slice(0, shown).concat(ahead.length > shown ? [ahead.length - shown + " more"] : []).join(" · ");
  }
  function fit() {
    gantt.style.setProperty("--fit", zoom);
    var full = wide(), day = full / days;
    gantt.classList.toggle("show-numbers", day > 22 && day <= 52);
    gantt.classList.toggle("show-days", day > 52);
    gantt.classList.toggle("show-hours", day > 150);
    gantt.classList.toggle("show-months", day <= 7.5 && day > 2);
    gantt.classList.toggle("show-years", day <= 2);
    bars.forEach(function (bar) { nameBar(bar, full); });
    nameDues(full);
    flags();
  }
  function change(to) {
    var full = wide(), middle = (scroll.scrollLeft + seen() / 2) / full;
    zoom = Math.min(Math.max(to, seen() / full * zoom), usual * 64);
    fit();
    scroll.scrollLeft = middle * wide() - seen() / 2;
  }
  function show(bar, move) {
    bars.forEach(function (other) { other.classList.toggle("chosen", other === bar); });
    chosen = bar;
    detail.textContent = bar.dataset.detail;
    if (!move) return;
    var box = bar.getBoundingClientRect(), view = scroll.getBoundingClientRect(), start = view.right - seen();
    if (box.left < start || box.right > view.right) scroll.scrollLeft += box.left - start - seen() / 3;
  }
  bars.forEach(function (bar) {
    bar.addEventListener("pointerenter", function () { show(bar, false); });
    bar.addEventListener("click", function (event) { show(bar, false); event.preventDefault(); });
  });
  document.querySelectorAll("[data-zoom]").forEach(function (button) {
    button.addEventListener("click", function () {
      change({ "in": zoom * 1.6, "out": zoom / 1.6, "fit": usual }[button.dataset.zoom]);
      if (button.dataset.zoom === "fit") scroll.scrollLeft = 0;
    });
  });
  scroll.addEventListener("keydown", function (event) {
    var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    var open = bars.filter(function (bar) { return !bar.closest(".unit") || bar.closest(".pool").open; });
    if (event.key === "+" || event.key === "=") change(zoom * 1.6);
    else if (event.key === "-") change(zoom / 1.6);
    else if (step && open.length) show(open[(Math.max(open.indexOf(chosen), step < 0 ? 0 : -1) + step + open.length) % open.length], true);
    else return;
    event.preventDefault();
  });
  scroll.addEventListener("scroll", flags, { passive: true });
  later.addEventListener("click", function () {
    var right = scroll.scrollLeft + seen(), full = wide();
    var next = dues.find(function (due) { return due.at * full > right + 1; });
    if (next) scroll.scrollLeft = next.at * full - seen() / 2;
    detail.textContent = later.title;
  });
  earlier.addEventListener("click", function () { detail.textContent = earlier.title; });
  gantt.querySelectorAll(".pool").forEach(function (pool) { pool.addEventListener("toggle", fit); });
  window.addEventListener("resize", fit);
  gantt.classList.toggle("many", dues.length > 12);
  fit();
})();
