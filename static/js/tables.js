/* Row selection with an action bar that says how many. */
(function () {
  "use strict";

  function update() {
    const bar = document.querySelector("[data-bulk-bar]");
    if (!bar) return;
    const rows = Array.from(document.querySelectorAll("[data-select-row]"));
    const chosen = rows.filter((box) => box.checked);
    rows.forEach((box) => box.closest("tr, .work-item").classList.toggle("is-selected", box.checked));
    bar.classList.toggle("is-active", chosen.length > 0);
    bar.querySelector("[data-bulk-count]").textContent = String(chosen.length);
    const all = document.querySelector("[data-select-all]");
    if (all) {
      all.checked = rows.length > 0 && chosen.length === rows.length;
      all.indeterminate = chosen.length > 0 && chosen.length < rows.length;
    }
  }

  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!box.matches || !box.matches("[data-select-row]")) return;
    const rows = Array.from(document.querySelectorAll("[data-select-row]"));
    /* Shift extends the selection, as in a mail list. */
    if (event.shiftKey && last && rows.includes(last)) {
      const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((a, b) => a - b);
      rows.slice(from, to + 1).forEach((row) => (row.checked = box.checked));
    }
    last = box;
    update();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches && event.target.matches("[data-select-all]")) {
      document.querySelectorAll("[data-select-row]").forEach((box) => (box.checked = event.target.checked));
      update();
    }
  });
  window.addEventListener("pageshow", update);
  window.portal.onContent(update);

  /* A table wider than its card, and more steps than fit, can be scrolled with the keyboard; what fits is no stop for Tab. */
  function reach() {
    document.querySelectorAll(".table-scroll").forEach((box) => {
      if (box.hasAttribute("role") && !box.hasAttribute("data-reached")) return;
      const wide = box.scrollWidth > box.clientWidth + 1;
      const caption = box.querySelector("caption");
      box.toggleAttribute("data-reached", true);
      if (wide) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", (caption && caption.textContent.trim()) || "表格，可左右滚动");
      } else {
        ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
      }
    });
    document.querySelectorAll(".stages").forEach((steps) => {
      if (steps.scrollWidth > steps.clientWidth + 1) steps.tabIndex = 0;
      else steps.removeAttribute("tabindex");
    });
  }
  window.portal.onContent(reach);
  window.addEventListener("resize", reach);
})();
