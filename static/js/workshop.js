/* Blueprint editor: rows are dragged by their handle, the type of what is added, the sum of weights, values of conditions.
   Everything also works by buttons; the server does the moving. */
(function () {
  "use strict";

  function act(form, value) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "_row";
    field.value = value;
    form.append(field);
    form.requestSubmit();
  }

  function sortable(body) {
    let dragged = null;
    let next = null;
    body.addEventListener("dragstart", (event) => {
      dragged = event.target.closest("tr");
      next = dragged.nextSibling;
      dragged.classList.add("is-selected");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", dragged.dataset.index);
      event.dataTransfer.setDragImage(dragged, 0, 0);
    });
    body.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      const row = event.target.closest("tr");
      if (!row || row === dragged || row.parentNode !== body) return;
      const box = row.getBoundingClientRect();
      body.insertBefore(dragged, event.clientY < box.top + box.height / 2 ? row : row.nextSibling);
    });
    body.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!dragged) return;
      const index = dragged.dataset.index;
      const target = Array.from(body.rows).indexOf(dragged);
      dragged = null;
      if (String(target) !== index) act(body.closest("form"), ["to", body.dataset.rowsOf, index, target].join(":"));
    });
    body.addEventListener("dragend", () => {
      if (dragged) {
        dragged.classList.remove("is-selected");
        body.insertBefore(dragged, next);
      }
      dragged = null;
    });
  }

  function sum(form) {
    const box = form.querySelector("[data-sum]");
    if (!box) return;
    const total = Array.from(form.querySelectorAll("[data-weight]")).reduce((all, one) => all + (parseFloat(one.value) || 0), 0);
    box.querySelector("[data-sum-value]").textContent = String(Math.round(total * 100) / 100);
    box.classList.toggle("is-whole", Math.abs(total - Number(box.dataset.whole)) < 0.001);
  }

  function condition(box) {
    const field = box.querySelector("[data-condition-field]").value;
    const test = box.querySelector("[data-condition-test]").value;
    box.querySelectorAll("[data-of]").forEach((group) => {
      group.hidden = test !== "in" || group.dataset.of !== field;
    });
  }

  /* A row was moved or added: the page that comes back stands where people were working, not at its top. */
  const KEPT = "workshop-place";
  const here = () => location.pathname + location.search;
  function keepPlace(form) {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      const act = (button && button.name === "_row" && button.value) || (form.querySelector("input[name=_row]") || {}).value || "";
      if (/^(to|up|down|remove):/.test(act)) sessionStorage.setItem(KEPT, JSON.stringify([here(), window.scrollY]));
    });
  }
  function returnToPlace() {
    const [page, top] = JSON.parse(sessionStorage.getItem(KEPT) || "[]");
    sessionStorage.removeItem(KEPT);
    if (page === here()) window.scrollTo(0, top);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const all = (selector) => document.querySelectorAll(selector);
    all("[data-rows-of]").forEach(sortable);
    all("[data-workshop]").forEach((form) => {
      sum(form);
      keepPlace(form);
      form.addEventListener("input", () => sum(form));
    });
    all("[data-condition]").forEach((box) => {
      condition(box);
      box.addEventListener("change", () => condition(box));
    });
    all("[data-preset]").forEach((select) => {
      const button = select.form.querySelector('[data-add="' + select.dataset.preset + '"]');
      const name = () => {
        button.value = "add:" + select.dataset.preset + "::" + select.value;
      };
      name();
      select.addEventListener("change", name);
    });
    returnToPlace();
  });
})();
