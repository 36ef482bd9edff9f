/* Dates of stages as bars: drag a bar or its ends, or use the arrow keys; the date fields are the truth and are checked
   by the server after each change. Without script people fill in the fields. */
(function () {
  "use strict";

  const DAY = 86400000;
  const EDGE = 10; // pixels at the end of a bar that change its length

  const pad = (n) => String(n).padStart(2, "0");

  function start(board) {
    const first = Date.parse(board.dataset.first + "T00:00Z");
    const days = parseInt(board.dataset.days, 10);
    const off = new Set(board.dataset.off.split(",").map(Number));
    const rows = Array.from(board.querySelectorAll("[data-slot]")).map(row);
    const ticked = (name) => board.querySelector(`[data-${name}]`).checked;
    board.querySelector("[data-schedule-options]").hidden = false;

    function row(element) {
      const [opens, closes] = element.querySelectorAll("input[type=datetime-local]");
      return { element, bar: element.querySelector("[data-bar]"), opens, closes, open: element.dataset.status === "open" };
    }
    const movable = (r) => Boolean(r.opens);

    /* "2026-03-02T17:00" → days since the first of the axis; midnight as an end belongs to the day before. */
    function offset(field, isEnd) {
      const day = Math.round((Date.parse(field.value.slice(0, 10) + "T00:00Z") - first) / DAY);
      return isEnd && field.value.slice(11, 16) === "00:00" ? day - 1 : day;
    }
    function write(field, day, isEnd) {
      const clock = field.value.slice(11, 16) || (isEnd ? "17:00" : "00:00");
      const at = new Date(first + (isEnd && clock === "00:00" ? day + 1 : day) * DAY);
      field.value = `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}T${clock}`;
    }
    function isOff(day) {
      const week = new Date(first + day * DAY).getUTCDay();
      return day >= 0 && day < days ? off.has(day) : week === 0 || week === 6;
    }
    function working(day) {
      while (isOff(day)) day += 1;
      return day;
    }
    const span = (r) => ({ from: offset(r.opens, false), to: offset(r.closes, true) });

    function draw(r) {
      if (!movable(r) || !r.opens.value || !r.closes.value) return;
      const { from, to } = span(r);
      const left = Math.max(0, Math.min(days, from));
      const right = Math.max(left, Math.min(days, to + 1));
      r.bar.setAttribute("x", (left / days) * 1000);
      r.bar.setAttribute("width", Math.max(((right - left) / days) * 1000, 2));
      r.bar.setAttribute("aria-valuenow", from);
      r.bar.setAttribute("aria-valuetext", `${r.opens.value.slice(0, 10)} 至 ${r.closes.value.slice(0, 10)}`);
    }

    /* Sets a row from the span it had when the movement began. */
    function place(r, was, mode, by) {
      if (r.open && mode === "start") return;
      const from = mode === "end" || r.open ? was.from : was.from + by;
      const to = mode === "start" ? was.to : was.to + by;
      write(r.opens, mode === "start" ? Math.min(from, was.to) : from, false);
      write(r.closes, mode === "end" || r.open ? Math.max(to, was.from) : to, true);
      draw(r);
    }
    const followers = (r, mode) => (mode !== "start" && ticked("chain") ? rows.slice(rows.indexOf(r) + 1).filter(movable) : []);

    function settle(r, was, mode) {
      if (!ticked("snap")) return;
      const now = span(r);
      if (now.from !== was.from && r.element.dataset.kind !== "application") write(r.opens, working(now.from), false);
      if (now.to !== was.to) write(r.closes, working(now.to), true);
      draw(r);
    }
    function done(moved, mode) {
      moved.forEach(({ r, was }) => settle(r, was, mode));
      moved[0].r.closes.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const group = (r, mode) => [r, ...followers(r, mode)].map((one) => ({ r: one, was: span(one) }));

    rows.filter(movable).forEach((r) => {
      draw(r);
      [r.opens, r.closes].forEach((field) => field.addEventListener("input", () => draw(r)));
      r.bar.addEventListener("pointermove", (event) => {
        if (event.buttons) return;
        r.bar.classList.toggle("at-edge", part(r, event) !== "move");
      });
      r.bar.addEventListener("pointerdown", (event) => drag(r, event));
      r.bar.addEventListener("keydown", (event) => press(r, event));
    });

    function part(r, event) {
      const box = r.bar.getBoundingClientRect();
      const edge = Math.min(EDGE, box.width / 3);
      if (!r.open && event.clientX - box.left < edge) return "start";
      if (box.right - event.clientX < edge) return "end";
      return r.open ? "end" : "move";
    }
    function drag(r, event) {
      if (event.button) return;
      event.preventDefault();
      r.bar.focus();
      const mode = part(r, event);
      const perDay = r.bar.ownerSVGElement.getBoundingClientRect().width / days;
      const moved = group(r, mode);
      let by = 0;
      r.bar.setPointerCapture(event.pointerId);
      const move = (next) => {
        by = Math.round((next.clientX - event.clientX) / perDay);
        moved.forEach(({ r: one, was }) => place(one, was, one === r ? mode : "move", by));
      };
      const finish = (next) => {
        r.bar.removeEventListener("pointermove", move);
        r.bar.removeEventListener("pointerup", finish);
        r.bar.removeEventListener("pointercancel", finish);
        if (next.type === "pointercancel") moved.forEach(({ r: one, was }) => place(one, was, "move", 0));
        else if (by) done(moved, mode);
      };
      r.bar.addEventListener("pointermove", move);
      r.bar.addEventListener("pointerup", finish);
      r.bar.addEventListener("pointercancel", finish);
    }
    function press(r, event) {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const mode = event.shiftKey || r.open ? "end" : event.ctrlKey ? "start" : "move";
      const moved = group(r, mode);
      moved.forEach(({ r: one, was }) => place(one, was, one === r ? mode : "move", by));
      /* One key is one day: days off are named by the check, not jumped over, so that every day can be reached. */
      r.closes.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  /* The frame's script comes after the page's own. */
  document.addEventListener("DOMContentLoaded", () =>
    window.portal.onContent((root) => window.portal.all(root, "[data-schedule]").forEach(start)),
  );
})();
