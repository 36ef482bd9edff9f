/* Frame: menus, search key, toasts, copying, printing, bar widths, htmx answers. Every page works without it. */
(function () {
  "use strict";

  const portal = (window.portal = window.portal || {});

  /* Runs `start(root)` now and for every fragment that htmx puts in. */
  portal.onContent = function (start) {
    start(document);
    document.addEventListener("htmx:load", (event) => {
      /* htmx reports the body once at the start: that was done just above. */
      if (event.detail.elt !== document.body) start(event.detail.elt);
    });
  };
  portal.all = (root, selector) => {
    const found = Array.from(root.querySelectorAll(selector));
    if (root.matches && root.matches(selector)) found.unshift(root);
    return found;
  };
  portal.csrf = function () {
    const field = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (field) return field.value;
    const headers = document.body.getAttribute("hx-headers");
    return headers ? JSON.parse(headers)["X-CSRFToken"] : "";
  };

  /* Tabs that do not fit are scrolled sideways: the one that is open is in sight. */
  portal.onContent((root) =>
    portal.all(root, ".tabs > [aria-current]").forEach((tab) => {
      const row = tab.parentElement;
      const past = tab.getBoundingClientRect().right - row.getBoundingClientRect().right;
      if (past > 0) row.scrollLeft += past + tab.offsetWidth / 2;
    }),
  );

  /* Parts of the menu that a person opened stay open from page to page (this tab only); where one is, is always open. */
  function folds(change) {
    try {
      const open = new Set(JSON.parse(sessionStorage.getItem("menu-open") || "[]"));
      if (change) sessionStorage.setItem("menu-open", JSON.stringify([...change(open)]));
      return open;
    } catch {
      return new Set();
    }
  }
  portal.onContent((root) => {
    const open = folds();
    portal.all(root, "[data-fold]").forEach((fold) => {
      if (open.has(fold.dataset.fold)) fold.open = true;
      fold.querySelector("summary").addEventListener("click", () =>
        folds((names) => {
          names[fold.open ? "delete" : "add"](fold.dataset.fold);
          return names;
        }),
      );
    });
  });

  portal.toast = function (text, kind) {
    const box = document.querySelector("[data-toasts]");
    const template = document.querySelector("[data-toast-template]");
    if (!box || !template) return;
    const line = template.content.firstElementChild.cloneNode(true);
    line.classList.add("toast-" + (kind || "info"));
    line.querySelector("p").textContent = text;
    box.append(line);
    fade(line);
  };
  /* What went well leaves by itself; errors stay until they are closed. */
  function fade(line) {
    if (line.classList.contains("toast-error") || line.classList.contains("toast-warning")) return;
    window.setTimeout(() => line.remove(), 8000);
  }

  portal.onContent((root) => {
    portal.all(root, "[data-width]").forEach((bar) => {
      bar.style.width = Math.max(0, Math.min(100, parseFloat(bar.dataset.width) || 0)) + "%";
    });
    portal.all(root, "[data-left]").forEach((mark) => {
      mark.style.left = (parseFloat(mark.dataset.left) || 0) / 10 + "%";
      mark.classList.toggle("at-end", parseFloat(mark.dataset.left) > 930);
    });
    portal.all(root, "[data-toast]").forEach(fade);
    const focus = portal.all(root, "[data-focus]")[0];
    if (focus) focus.focus({ preventScroll: false });
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-toast-close],[data-menu-toggle],[data-menu-close],[data-copy],[data-print]");
    document.querySelectorAll("details[data-drop][open], .filter-drawer[open]").forEach((drop) => {
      if (!drop.contains(event.target)) drop.open = false;
    });
    if (!target) return;
    if (target.matches("[data-toast-close]")) target.closest("[data-toast]").remove();
    else if (target.matches("[data-copy]")) copy(target);
    else if (target.matches("[data-print]")) window.print();
    else toggleMenu(event, target);
  });

  function toggleMenu(event, target) {
    event.preventDefault();
    const menu = document.querySelector("[data-menu]");
    if (!menu) return;
    const open = target.matches("[data-menu-toggle]") && !menu.classList.contains("is-open");
    menu.classList.toggle("is-open", open);
    const toggle = document.querySelector("[data-menu-toggle]");
    toggle.setAttribute("aria-expanded", String(open));
    if (open) (menu.querySelector("[aria-current]") || menu.querySelector("a,summary")).focus();
    else toggle.focus();
  }

  function copy(button) {
    const done = () => portal.toast("已复制：" + button.dataset.copy, "success");
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(button.dataset.copy).then(done);
      return;
    }
    const area = document.createElement("textarea");
    area.value = button.dataset.copy;
    document.body.append(area);
    area.select();
    if (document.execCommand("copy")) done();
    area.remove();
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input,textarea,select,[contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector("[data-search]") || document.querySelector("input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    } else if (event.key === "Escape") {
      const drop = document.querySelector("details[data-drop][open], .filter-drawer[open]");
      const menu = document.querySelector("[data-menu].is-open");
      if (drop) {
        drop.open = false;
        drop.querySelector("summary").focus();
      } else if (menu) {
        menu.classList.remove("is-open");
        document.querySelector("[data-menu-toggle]").focus();
      }
    }
  });

  /* htmx: refused and conflicting answers are whole pages or form fragments; show them instead of swallowing. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  /* What the page fetches by itself and can do without says nothing when it does not come. */
  ["htmx:sendError", "htmx:responseError"].forEach((name) =>
    document.addEventListener(name, (event) => event.target.closest && event.target.closest("[data-quiet]") && event.stopImmediatePropagation(), true),
  );
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    const known = { 403: "没有权限办理，或登录已失效，请刷新页面。", 404: "记录不存在或已被移走。", 409: "内容已被别人更新，请刷新页面后再办理。", 429: "操作过于频繁，请稍后再试。" };
    portal.toast(known[status] || "系统出现问题，请稍后再试。", "error");
  });
  document.addEventListener("htmx:sendError", () => portal.toast("网络不通，请检查连接后再试。", "error"));

  /* One click, one request. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) button.classList.add("is-busy");
    window.addEventListener("pageshow", () => release(form, button), { once: true });
    window.setTimeout(() => release(form, button), 15000);
  });
  function release(form, button) {
    delete form.dataset.sent;
    if (button) button.classList.remove("is-busy");
  }
})();
