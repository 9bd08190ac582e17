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
  var scroll = gantt.querySelector(".gantt-scroll"), svg = scroll.querySelector("svg");
  var detail = document.querySelector(".gantt-detail"), bars = Array.from(svg.querySelectorAll(".bar"));
  var days = Number(gantt.dataset.days), zoom = 1, at = -1;
  function fit() {
    var wide = scroll.clientWidth, full = Math.max(wide, 640) * zoom, day = full / days;
    svg.style.width = full + "px";
    gantt.classList.toggle("show-numbers", day > 22 && day <= 52);
    gantt.classList.toggle("show-days", day > 52);
    gantt.classList.toggle("show-hours", day > 150);
    bars.forEach(function (bar) {
      var wide = parseFloat(bar.querySelector("svg").getAttribute("width")) / 100 * full;
      bar.classList.toggle("tiny", wide < 17);
      bar.classList.toggle("short", wide >= 17 && wide < 44);
    });
  }
  function change(to) {
    var middle = (scroll.scrollLeft + scroll.clientWidth / 2) / svg.clientWidth;
    zoom = Math.min(Math.max(to, 1), 64);
    fit();
    scroll.scrollLeft = middle * svg.clientWidth - scroll.clientWidth / 2;
  }
  function show(bar, move) {
    bars.forEach(function (other) { other.classList.toggle("chosen", other === bar); });
    at = bars.indexOf(bar);
    detail.textContent = bar.dataset.detail;
    if (!move) return;
    var box = bar.getBoundingClientRect(), view = scroll.getBoundingClientRect();
    if (box.left < view.left || box.right > view.right) scroll.scrollLeft += box.left - view.left - view.width / 3;
  }
  bars.forEach(function (bar) {
    bar.addEventListener("pointerenter", function () { show(bar, false); });
    bar.addEventListener("click", function () { show(bar, false); });
  });
  document.querySelectorAll("[data-zoom]").forEach(function (button) {
    button.addEventListener("click", function () {
      change({ "in": zoom * 1.6, "out": zoom / 1.6, "fit": 1 }[button.dataset.zoom]);
    });
  });
  scroll.addEventListener("keydown", function (event) {
    var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "+" || event.key === "=") change(zoom * 1.6);
    else if (event.key === "-") change(zoom / 1.6);
    else if (step && bars.length) show(bars[(Math.max(at, step < 0 ? 0 : -1) + step + bars.length) % bars.length], true);
    else return;
    event.preventDefault();
  });
  window.addEventListener("resize", fit);
  zoom = Math.max(1, days / 45);
  gantt.classList.toggle("many", svg.querySelectorAll(".due").length > 12);
  fit();
})();
