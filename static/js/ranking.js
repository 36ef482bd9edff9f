/* Ranking by dragging rows or Alt+↑/↓; the numbers follow. Without script people type the numbers. */
(function () {
  "use strict";

  function number(body) {
    Array.from(body.rows).forEach((row, index) => {
      const input = row.querySelector("[data-rank]");
      if (input) input.value = index + 1;
    });
    body.dispatchEvent(new Event("change", { bubbles: true }));
  }

  window.portal.onContent((root) => {
    window.portal.all(root, "[data-sortable]").forEach((body) => {
      let dragged = null;
      body.addEventListener("dragstart", (event) => {
        dragged = event.target.closest("tr");
        dragged.classList.add("is-selected");
        event.dataTransfer.effectAllowed = "move";
      });
      body.addEventListener("dragover", (event) => {
        const row = event.target.closest("tr");
        if (!dragged || !row || row === dragged || row.parentNode !== body) return;
        event.preventDefault();
        const box = row.getBoundingClientRect();
        body.insertBefore(dragged, event.clientY < box.top + box.height / 2 ? row : row.nextSibling);
      });
      body.addEventListener("dragend", () => {
        if (dragged) dragged.classList.remove("is-selected");
        dragged = null;
        number(body);
      });
      body.addEventListener("keydown", (event) => {
        if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
        const row = event.target.closest("tr");
        const other = event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
        if (!other) return;
        event.preventDefault();
        body.insertBefore(event.key === "ArrowUp" ? row : other, event.key === "ArrowUp" ? other : row);
        number(body);
        event.target.focus();
      });
    });
  });

  /* j / k: next and previous entry of the queue. */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input,textarea,select,[contenteditable]")) return;
    const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
    if (link) link.click();
  });
})();
