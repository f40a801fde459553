"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  const svg = (name, attributes, parent) => {
    const e = document.createElementNS(SVG, name);
    for (const k in attributes) e.setAttribute(k, attributes[k]);
    if (parent) parent.appendChild(e);
    return e;
  };
  const html = (name, attributes, parent, text) => {
    const e = document.createElement(name);
    for (const k in attributes) e.setAttribute(k, attributes[k]);
    if (text !== undefined) e.textContent = text;
    if (parent) parent.appendChild(e);
    return e;
  };

  /* ---------- dates as people here write them ---------- */
  for (const t of document.querySelectorAll("time[datetime]")) {
    const d = new Date(t.dateTime);
    if (!isNaN(d)) t.textContent = d.toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" });
  }

  /* ---------- tables that are sorted by a click on a heading ---------- */
  const valueOf = (row, i) => {
    const cell = row.cells[i];
    return cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim();
  };
  const sortBy = (table, th, i) => {
    const up = th.getAttribute("aria-sort") !== "ascending";
    const rows = [...table.tBodies[0].rows];
    const isNumber = th.classList.contains("num");
    const least = -Infinity;
    rows.sort((a, b) => {
      const x = valueOf(a, i), y = valueOf(b, i);
      const order = isNumber ? (x === "" ? least : parseFloat(x)) - (y === "" ? least : parseFloat(y))
        : x.localeCompare(y, undefined, { numeric: true });
      return (up ? order : -order) || 0;
    });
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", up ? "ascending" : "descending");
    table.tBodies[0].append(...rows);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((th, i) => {
      if (th.getAttribute("aria-hidden")) return;
      const text = th.textContent;
      th.textContent = "";
      html("button", { type: "button" }, th, text).addEventListener("click", () => sortBy(table, th, i));
    });
  }

  /* ---------- lessons: filter, open, play ---------- */
  const rows = [...document.querySelectorAll("#lesson-table tbody tr")];
  const lessons = [...document.querySelectorAll("details.lesson")];
  const filter = () => {
    const words = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const onlyBad = $("only-bad").checked;
    const fits = (e, text) => words.every((w) => text.toLowerCase().includes(w)) && (!onlyBad || e.dataset.state === "bad");
    const texts = new Map(lessons.map((l) => [l.dataset.lesson, l.dataset.words]));
    let n = 0;
    for (const row of rows) {
      row.hidden = !fits(row, texts.get(row.dataset.lesson) || row.textContent);
      n += !row.hidden;
    }
    for (const l of lessons) l.hidden = !fits(l, l.dataset.words);
    $("shown").textContent = n === rows.length ? "" : n + " of " + rows.length;
  };
  $("filter").addEventListener("input", filter);
  $("only-bad").addEventListener("change", filter);
  $("filter").form.addEventListener("submit", (e) => e.preventDefault());
  $("open-all").addEventListener("click", () => lessons.forEach((l) => { l.open = true; }));
  $("close-all").addEventListener("click", () => lessons.forEach((l) => { l.open = false; }));
  for (const l of lessons) {
    const video = l.querySelector("video"), picture = l.querySelector(".thumb img");
    const dress = () => {
      if (l.open && video && picture) video.poster = picture.src;
    };
    l.addEventListener("toggle", dress);
    dress();
  }
  const reveal = () => {
    const target = location.hash.startsWith("#lesson-") ? $(location.hash.slice(1)) : null;
    if (target) {
      target.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
  document.addEventListener("click", (e) => {
    const button = e.target.closest(".thumb");
    const video = button && button.closest(".lesson").querySelector("video");
    if (!video) return;
    const play = () => {
      video.currentTime = parseFloat(button.dataset.at) || 0;
      video.play().catch(() => {});
    };
    if (video.readyState >= 1) play();
    else {
      video.addEventListener("loadedmetadata", play, { once: true });
      video.load();
    }
    video.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  });

  /* ---------- charts: what was done when, in which slot ---------- */
  const duration = (ms) => {
    if (ms < 1000) return Math.round(ms) + " ms";
    if (ms < 60000) return (ms / 1000).toFixed(ms < 10000 ? 2 : 1) + " s";
    const s = Math.round(ms / 1000);
    return (s >= 3600 ? Math.floor(s / 3600) + ":" + String(Math.floor(s / 60) % 60).padStart(2, "0") : Math.floor(s / 60)) +
      ":" + String(s % 60).padStart(2, "0");
  };
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 15000, 30000, 60000, 120000, 300000, 600000, 900000, 1800000,
    3600000, 7200000, 14400000, 28800000, 86400000];
  /* fields of a span in the page's data */
  const SLOT = 0, START = 1, END = 2, LESSON = 3, SECTION = 4, STEP = 5, PROVIDER = 6, OUTCOME = 7, ATTEMPT = 8, COST = 9, WAIT = 10, WHY = 11;
  const outcomes = ["not over", "done", "refused, tried again", "failed"];
  const span = Math.max(1, data.total_ms);
  const view = { from: 0, to: span };
  const charts = [];

  const place = (s) => (s[LESSON] < 0 ? "" : data.lessons[s[LESSON]] + (s[SECTION] < 0 ? "" : ", section " + (s[SECTION] + 1)) + ": ");
  const describe = (s) => place(s) + data.steps[s[STEP]] + (s[PROVIDER] < 0 ? "" : " by " + data.providers[s[PROVIDER]]) + ", " +
    duration(s[END] - s[START]) + " from " + duration(s[START]) + ", " + outcomes[s[OUTCOME]] + (s[ATTEMPT] > 1 ? ", attempt " + s[ATTEMPT] : "") +
    (s[COST] > 0 ? ", " + s[COST] + " " + data.currency : "") + (s[WAIT] > 0 ? ", again after " + duration(s[WAIT]) : "") +
    (s[WHY] >= 0 ? ": " + data.whys[s[WHY]] : "");

  class Chart {
    constructor(box, spans, rows, cap, capName, keyOf, names) {
      Object.assign(this, { box, spans, rows: Math.max(rows, cap, 1), cap, capName, keyOf, picked: null });
      this.rowHeight = Math.max(2, Math.min(22, Math.floor(420 / this.rows)));
      this.left = 40;
      const tools = html("div", { class: "tools", role: "group", "aria-label": "Zoom of the chart" }, box);
      const tool = (text, name, act) => html("button", { type: "button", "aria-label": name, title: name }, tools, text).addEventListener("click", act);
      tool("+", "Zoom in", () => zoom(0.5, 0.5));
      tool("\u2212", "Zoom out", () => zoom(2, 0.5));
      tool("\u2190", "Earlier", () => pan(-0.25));
      tool("\u2192", "Later", () => pan(0.25));
      tool("All", "The whole run", () => show(0, span));
      this.range = html("span", { class: "meta", "aria-live": "polite" }, tools);
      this.svg = svg("svg", { "aria-hidden": "true", focusable: "false" }, box);
      this.detail = html("output", { class: "detail", "aria-live": "polite" }, box, "Point at a bar to see what it is.");
      const used = [...new Set(spans.map((s) => keyOf(s)))].sort((a, b) => a - b);
      this.rank = new Map(used.map((key, i) => [key, Math.min(i, 7)]));
      const legend = html("ul", { class: "legend", "aria-label": "Colours" }, box);
      used.forEach((key) => this.item(legend, "k" + this.rank.get(key), key < 0 ? "nobody in particular" : names[key]));
      if (spans.some((s) => s[OUTCOME] === 2)) this.item(legend, "k-again", "refused or lost, tried again");
      if (spans.some((s) => s[OUTCOME] === 3)) this.item(legend, "k-failed", "failed");
      this.listen();
    }
    item(legend, kind, name) {
      const li = html("li", {}, legend);
      html("i", { class: kind }, li);
      li.append(name);
    }
    at(e) {
      const r = this.svg.getBoundingClientRect();
      return { share: Math.min(1, Math.max(0, (e.clientX - r.left - this.left) / (r.width - this.left))), width: r.width - this.left };
    }
    listen() {
      let drag = null;
      this.svg.addEventListener("wheel", (e) => {
        if (!e.ctrlKey && !e.metaKey && Math.abs(e.deltaX) <= Math.abs(e.deltaY) && !e.shiftKey) return;
        e.preventDefault();
        if (e.ctrlKey || e.metaKey) zoom(Math.exp(e.deltaY * 0.004), this.at(e).share);
        else pan((e.deltaX || e.deltaY) / this.at(e).width);
      }, { passive: false });
      this.svg.addEventListener("dblclick", (e) => zoom(0.33, this.at(e).share));
      this.svg.addEventListener("pointerdown", (e) => {
        drag = { x: e.clientX, from: view.from, to: view.to, moved: false };
      });
      this.svg.addEventListener("pointermove", (e) => {
        if (!drag || !e.buttons) return;
        const by = (drag.x - e.clientX) / this.at(e).width * (drag.to - drag.from);
        if (Math.abs(drag.x - e.clientX) > 3) drag.moved = true;
        if (!drag.moved) return;
        this.svg.classList.add("is-dragged");
        show(drag.from + by, drag.to + by);
      });
      const drop = () => {
        this.svg.classList.remove("is-dragged");
        drag = null;
      };
      this.svg.addEventListener("pointerup", drop);
      this.svg.addEventListener("pointerleave", drop);
      const tell = (e) => {
        const s = e.target.dataset && e.target.dataset.span;
        if (s !== undefined) this.pick(parseInt(s, 10));
      };
      this.svg.addEventListener("mouseover", tell);
      this.svg.addEventListener("click", tell);
    }
    pick(i) {
      this.picked = i;
      this.detail.textContent = describe(this.spans[i]);
    }
    draw() {
      const width = Math.max(200, this.box.clientWidth - 28), height = this.rows * this.rowHeight + 26;
      const plot = width - this.left, scale = plot / (view.to - view.from), x = (ms) => this.left + (ms - view.from) * scale;
      const g = document.createDocumentFragment();
      svg("rect", { class: "lane", x: this.left, y: 0, width: plot, height: Math.min(this.cap || this.rows, this.rows) * this.rowHeight }, g);
      this.axis(g, x, scale, plot, height);
      const lastX = new Float64Array(this.rows).fill(-1), gap = this.rowHeight > 4 ? 1 : 0;
      this.spans.forEach((s, i) => {
        if (s[END] < view.from || s[START] > view.to) return;
        const left = Math.max(this.left, x(s[START])), right = Math.min(width, Math.max(x(s[END]), left + 1));
        /* of bars that are finer than the screen the first is drawn, and all that went wrong */
        if (right <= lastX[s[SLOT]] + 0.5 && s[OUTCOME] < 2) return;
        lastX[s[SLOT]] = right;
        const kind = s[OUTCOME] === 2 ? "k-again" : s[OUTCOME] === 3 ? "k-failed" : "k" + this.rank.get(this.keyOf(s));
        svg("rect", { class: "span " + kind, "data-span": i, x: left.toFixed(1), y: s[SLOT] * this.rowHeight + gap / 2,
          width: Math.max(1, right - left - (right - left > 4 ? 1 : 0)).toFixed(1), height: this.rowHeight - gap, rx: this.rowHeight > 8 ? 2 : 0 }, g);
      });
      if (this.cap) {
        const y = this.cap * this.rowHeight + 0.5;
        svg("line", { class: "cap", x1: this.left, x2: width, y1: y, y2: y }, g);
        svg("text", { class: "axis", x: this.left - 6, y: Math.max(10, y - 2), "text-anchor": "end" }, g).textContent = this.cap;
      }
      this.svg.setAttribute("viewBox", "0 0 " + width + " " + height);
      this.svg.setAttribute("height", height);
      this.svg.replaceChildren(g);
      this.range.textContent = view.from === 0 && view.to === span ? duration(span) : duration(view.from) + " \u2013 " + duration(view.to);
    }
    axis(g, x, scale, plot, height) {
      const step = steps.find((s) => s * scale >= 70) || steps[steps.length - 1], y = height - 26;
      for (let t = Math.ceil(view.from / step) * step; t <= view.to; t += step) {
        svg("line", { class: "grid", x1: x(t), x2: x(t), y1: 0, y2: y + 4 }, g);
        const text = svg("text", { class: "axis", x: x(t), y: y + 18, "text-anchor": x(t) > this.left + plot - 24 ? "end" : x(t) < this.left + 12 ? "start" : "middle" }, g);
        text.textContent = t === 0 ? "0" : duration(t).replace(".00", "").replace(".0 ", " ");
      }
    }
  }

  let isDue = false;
  const redraw = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      charts.forEach((c) => c.draw());
    });
  };
  /* both charts show the same time */
  const show = (from, to) => {
    const wide = Math.min(span, Math.max(Math.min(20, span), to - from));
    view.from = Math.min(span - wide, Math.max(0, from));
    view.to = view.from + wide;
    redraw();
  };
  const zoom = (by, at) => {
    const middle = view.from + (view.to - view.from) * at, wide = (view.to - view.from) * by;
    show(middle - wide * at, middle + wide * (1 - at));
  };
  const pan = (by) => show(view.from + (view.to - view.from) * by, view.to + (view.to - view.from) * by);

  const add = (id, spans, rows, cap, capName, keyOf, names) => {
    const box = $(id);
    if (!spans.length) box.hidden = true;
    else charts.push(new Chart(box, spans, rows, cap, capName, keyOf, names));
  };
  add("chart-requests", data.requests, data.request_slots, data.requests_cap, "cap", (s) => s[PROVIDER], data.providers);
  add("chart-renders", data.renders, data.render_slots, data.render_cap, "threads", (s) => s[STEP], data.steps);
  addEventListener("resize", redraw);
  charts.forEach((c) => c.draw());
})();
