/* Entry forms: questions that depend on answers, tables with rows, all on top of a form that works without script.
   data-visible-when / data-required-when hold {"field": code, "in": [...]} or {"is_true": bool} or {"filled": bool};
   the same rule is applied on the server (blueprints/conditions.py), which has the last word. */
(function () {
  "use strict";

  function inputsOf(form, code) {
    return Array.from(form.querySelectorAll('[name="' + code + '"]'));
  }

  function valueOf(form, code) {
    const inputs = inputsOf(form, code);
    if (!inputs.length) return undefined;
    const boxes = inputs.filter((input) => input.type === "checkbox" || input.type === "radio");
    if (boxes.length) return boxes.filter((box) => box.checked).map((box) => box.value);
    return inputs.map((input) => input.value).filter((value) => value !== "");
  }

  function holds(condition, values) {
    if ("is_true" in condition) {
      return condition.is_true ? values.includes("yes") || values.includes("on") : values.includes("no");
    }
    if ("filled" in condition) return (values.length > 0) === condition.filled;
    return values.some((value) => condition.in.includes(value));
  }

  function containerOf(element) {
    return element.closest("[data-field]") || element.parentElement;
  }

  function applyConditions(form) {
    form.querySelectorAll("[data-visible-when]").forEach((element) => {
      const condition = JSON.parse(element.dataset.visibleWhen);
      const values = valueOf(form, condition.field);
      // The cause is on another page: the server has already decided.
      if (values === undefined) return;
      const cause = containerOf(inputsOf(form, condition.field)[0]);
      containerOf(element).hidden = (cause && cause.hidden) || !holds(condition, values);
    });
    form.querySelectorAll("[data-required-when]").forEach((element) => {
      const condition = JSON.parse(element.dataset.requiredWhen);
      const values = valueOf(form, condition.field);
      const container = containerOf(element);
      if (values === undefined || !container) return;
      container.toggleAttribute("data-required", holds(condition, values));
      container.classList.toggle("field-required-now", holds(condition, values));
    });
  }

  function renumber(box) {
    const name = box.dataset.rows;
    const rows = Array.from(box.querySelectorAll("[data-rows-body] > [data-row]"));
    rows.forEach((row, index) => {
      row.querySelector("[data-row-number]").textContent = String(index + 1);
      row.querySelectorAll("[name], [id], [aria-describedby]").forEach((element) => {
        ["name", "id", "aria-describedby"].forEach((attribute) => {
          const value = element.getAttribute(attribute);
          if (!value) return;
          const prefix = (attribute === "name" ? "" : "id_") + name + "-";
          if (value.startsWith(prefix)) {
            element.setAttribute(attribute, prefix + index + value.slice(prefix.length).replace(/^(\d+|__row__)/, ""));
          }
        });
      });
      const remove = row.querySelector("[data-row-remove]");
      if (remove) remove.hidden = false;
    });
    const add = box.querySelector("[data-rows-add]");
    if (add) add.disabled = rows.length >= Number(box.dataset.maxRows);
  }

  function changed(element) {
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function addRow(box) {
    const body = box.querySelector("[data-rows-body]");
    if (body.children.length >= Number(box.dataset.maxRows)) return;
    const template = box.querySelector("[data-rows-template]");
    body.appendChild(template.content.cloneNode(true));
    renumber(box);
    const first = body.lastElementChild.querySelector("input, select, textarea");
    if (first) first.focus();
  }

  function removeRow(row) {
    const box = row.closest("[data-rows]");
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    if (!box.querySelector("[data-rows-body] > [data-row]")) addRow(box);
    renumber(box);
    changed(box);
    const target = next && next.isConnected ? next.querySelector("input, select, textarea") : null;
    if (target) target.focus();
  }

  function start(root) {
    root.querySelectorAll("[data-rows]").forEach(renumber);
    root.querySelectorAll("form").forEach((form) => {
      if (form.querySelector("[data-visible-when], [data-required-when]")) applyConditions(form);
    });
  }

  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-rows-add]");
    if (add) {
      event.preventDefault();
      addRow(add.closest("[data-rows]"));
      return;
    }
    const remove = event.target.closest("[data-row-remove]");
    if (remove) removeRow(remove.closest("[data-row]"));
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.querySelector("[data-visible-when], [data-required-when]")) applyConditions(form);
  });
  document.addEventListener("htmx:afterSwap", (event) => start(event.target));
  document.addEventListener("DOMContentLoaded", () => start(document));
  if (document.readyState !== "loading") start(document);
})();
