/* Fields with suggestions: type, arrow keys or click choose, Escape closes. Without script the code can be typed. */
(function () {
  "use strict";
  let timer = 0;

  function parts(element) {
    const box = element.closest("[data-picker]");
    return box && { box, input: box.querySelector("input"), list: box.querySelector("[data-picker-list]") };
  }

  function show(picker, open) {
    picker.list.hidden = !open;
    picker.input.setAttribute("aria-expanded", open ? "true" : "false");
  }

  function search(picker) {
    const query = picker.input.value.trim();
    const url = new URL(picker.list.getAttribute("hx-get"), window.location.origin);
    url.searchParams.set("q", query);
    window.htmx.ajax("GET", url.pathname + url.search, { target: picker.list, swap: "innerHTML" }).then(() => {
      show(picker, document.activeElement === picker.input && picker.list.childElementCount > 0);
    });
  }

  document.addEventListener("input", (event) => {
    const picker = parts(event.target);
    if (!picker || event.target !== picker.input || !window.htmx) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => search(picker), 200);
  });

  document.addEventListener("focusin", (event) => {
    const picker = parts(event.target);
    document.querySelectorAll("[data-picker-list]:not([hidden])").forEach((list) => {
      if (!picker || list !== picker.list) show(parts(list), false);
    });
    if (picker && event.target === picker.input && window.htmx) search(picker);
  });

  function choose(option) {
    const picker = parts(option);
    picker.input.value = option.dataset.value;
    picker.input.dispatchEvent(new Event("change", { bubbles: true }));
    show(picker, false);
    picker.input.focus({ preventScroll: true });
    show(picker, false);
  }

  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-picker-list] [data-value]");
    if (option) {
      event.preventDefault();
      choose(option);
    } else if (!event.target.closest("[data-picker]")) {
      document.querySelectorAll("[data-picker-list]:not([hidden])").forEach((list) => show(parts(list), false));
    }
  });

  document.addEventListener("keydown", (event) => {
    const picker = parts(event.target);
    if (!picker || event.target !== picker.input || picker.list.hidden) return;
    const options = Array.from(picker.list.querySelectorAll("[data-value]"));
    const current = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") {
      event.preventDefault();
      show(picker, false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = options[(current + step + options.length) % options.length];
      options.forEach((option) => option.setAttribute("aria-selected", option === next ? "true" : "false"));
      if (next) next.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      choose(options[current]);
    }
  });
})();
