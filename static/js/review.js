/* Review desk: Enter and arrow keys walk through the marks, 1–9 jump to a criterion, saving is waited for before a sheet
   is handed in, and a save that failed says so beside the field. Every page works without it. */
(function () {
  "use strict";
  const rubric = document.querySelector(".review-rubric");
  if (!rubric) return;
  const inputs = () => Array.from(rubric.querySelectorAll(".mark-input:not([disabled])"));
  let pending = 0;

  /* --- keys --- */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const field = event.target.closest("input, textarea, select");
    if (field && field.classList.contains("mark-input")) {
      const all = inputs();
      const step = event.key === "Enter" || event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (!step) return;
      event.preventDefault();
      const next = all[all.indexOf(field) + step] || (step > 0 ? document.getElementById("comment") : null);
      if (next) focus(next);
      return;
    }
    if (field) return;
    if (/^[1-9]$/.test(event.key)) {
      const line = rubric.querySelectorAll("[data-mark-line]")[Number(event.key) - 1];
      const input = line && line.querySelector(".mark-input:not([disabled])");
      if (input) {
        event.preventDefault();
        focus(input);
      }
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const link = document.querySelector('[data-way="' + (event.key === "ArrowLeft" ? "previous" : "next") + '"]');
      if (link) link.click();
    }
  });
  function focus(field) {
    field.focus();
    if (field.select && field.type === "text") field.select();
  }

  /* --- all criteria with their bands --- */
  const toggle = rubric.querySelector("[data-bands-toggle]");
  const form = rubric.querySelector(".rubric");
  const remember = "review-bands";
  if (toggle) {
    toggle.hidden = false;
    const show = (on) => {
      form.classList.toggle("shows-bands", on);
      toggle.setAttribute("aria-pressed", String(on));
    };
    show(recall() === "1");
    toggle.addEventListener("click", () => {
      const on = !form.classList.contains("shows-bands");
      show(on);
      try {
        window.localStorage.setItem(remember, on ? "1" : "");
      } catch {
        /* private window: the choice lasts for this page */
      }
    });
  }
  function recall() {
    try {
      return window.localStorage.getItem(remember);
    } catch {
      return "";
    }
  }

  /* --- saving --- */
  const statusOf = (element) => {
    const line = element.closest(".mark-line");
    return line && line.querySelector(".mark-status");
  };
  function say(element, text, css) {
    const status = statusOf(element);
    if (!status) return;
    const word = document.createElement("span");
    word.className = css;
    word.textContent = text;
    status.replaceChildren(word);
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!rubric.contains(event.target)) return;
    pending += 1;
    say(event.target, "正在保存…", "muted");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (rubric.contains(event.target) || pending) pending = Math.max(0, pending - 1);
    if (!pending && waiting) {
      const held = waiting;
      waiting = null;
      held.requestSubmit();
    }
  });
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) =>
    document.addEventListener(name, (event) => {
      const signedOut = event.detail.xhr && (event.detail.xhr.status === 403 || event.detail.xhr.status === 401);
      say(event.target, signedOut ? "尚未保存：登录已失效，请在新窗口登录后再改一次" : "尚未保存：网络不通，请稍后再改一次", "mark-error");
      waiting = null;
    }),
  );

  /* The sheet is handed in only after the last mark has arrived. */
  let waiting = null;
  document.addEventListener("submit", (event) => {
    if (!event.target.hasAttribute("data-after-saving") || !pending) return;
    event.preventDefault();
    waiting = event.target;
    waiting.dataset.confirmed = "1";
  });
  window.addEventListener("beforeunload", (event) => {
    if (pending) event.preventDefault();
  });
})();
