/* Forms: leave-guard, autosave, progress list, character counts, file checks, number keys. */
(function () {
  "use strict";
  const portal = window.portal;
  const dirty = new WeakSet();

  /* --- leave-guard --- */
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.hasAttribute("data-guard")) dirty.add(form);
  });
  document.addEventListener("submit", (event) => dirty.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    const changed = Array.from(document.querySelectorAll("form[data-guard]")).some((form) => dirty.has(form));
    if (changed) event.preventDefault();
  });

  /* --- autosave: two seconds after the last key, and when the page is left --- */
  portal.onContent((root) => portal.all(root, "form[data-autosave]").forEach(startAutosave));

  function startAutosave(form) {
    if (form.dataset.autosaveReady) return;
    form.dataset.autosaveReady = "1";
    let timer = 0;
    let running = false;
    let again = false;
    let waiting = null;
    const line = form.querySelector("[data-autosave-line]");
    const say = (text, failed) => {
      if (!line) return;
      line.querySelector("span").textContent = text;
      line.classList.toggle("is-failed", Boolean(failed));
    };
    const body = () => {
      const data = new FormData(form);
      Array.from(data.entries()).forEach(([name, value]) => {
        if (value instanceof File) data.delete(name);
      });
      return data;
    };
    /* A request that outlives the page may carry 64 KB. */
    const isSmall = (data) => Array.from(data.values()).reduce((sum, value) => sum + 3 * String(value).length + 120, 0) < 60000;
    async function save(leaving) {
      if (running) {
        again = true;
        return;
      }
      running = true;
      say("正在保存…");
      try {
        const data = body();
        const answer = await fetch(form.dataset.autosave, { method: "POST", body: data, keepalive: Boolean(leaving) && isSmall(data), headers: { "X-CSRFToken": portal.csrf(), Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
        const type = answer.headers.get("Content-Type") || "";
        const result = type.includes("json") ? await answer.json() : {};
        if (answer.ok && !answer.redirected) saved(result);
        else if (answer.status === 409) say(result.message || "内容已在别处更新，请刷新页面后再填。", true);
        else if (answer.status === 401 || answer.status === 403 || answer.redirected) say("登录已失效，尚未保存。请在新窗口登录后继续填写。", true);
        else say(result.message || "没有保存成功，稍后会再试。", true);
      } catch {
        say("网络不通，尚未保存，恢复后会再试。", true);
        timer = window.setTimeout(() => save(), 10000);
      }
      running = false;
      if (waiting) {
        const button = waiting.button;
        waiting = null;
        again = false;
        form.requestSubmit(button);
      } else if (again) {
        again = false;
        save();
      }
    }
    function saved(data) {
      say("已自动保存 " + (data.saved_at || new Date().toTimeString().slice(0, 5)) + (data.note ? "，" + data.note : ""));
      if (!again && !data.partial) dirty.delete(form);
      if (data.version !== undefined) {
        const field = form.querySelector("[name=version],[name=_version]");
        if (field) field.value = data.version;
      }
      form.dispatchEvent(new CustomEvent("portal:saved", { bubbles: true, detail: data }));
    }
    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => save(), 2000);
    });
    /* Leaving the page: the same save, which the browser finishes also when the page is gone. */
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "hidden" || !dirty.has(form)) return;
      window.clearTimeout(timer);
      save(true);
    });
    form.addEventListener("portal:save", () => save());
    /* The button waits for a save under way: it must carry the version that this save makes. */
    form.addEventListener("submit", (event) => {
      window.clearTimeout(timer);
      if (!running) return;
      event.preventDefault();
      waiting = { button: event.submitter };
    });
  }

  /* --- progress list: 完成 5/8, and how many required fields are missing in each section --- */
  portal.onContent((root) => portal.all(root, "[data-form-progress]").forEach(startProgress));

  function isFilled(field) {
    const controls = Array.from(field.querySelectorAll("input,select,textarea")).filter((c) => c.type !== "hidden");
    if (!controls.length) return true;
    return controls.some((c) => {
      if (c.type === "checkbox" || c.type === "radio") return c.checked;
      if (c.type === "file") return c.files.length > 0 || field.querySelector(".file-current");
      return c.value.trim() !== "";
    });
  }
  function startProgress(list) {
    const form = document.getElementById(list.dataset.formProgress);
    if (!form) return;
    const links = Array.from(list.querySelectorAll("[data-section-link]"));
    const count = list.querySelector("[data-progress-count]");
    function update() {
      let complete = 0;
      links.forEach((link) => {
        const section = document.getElementById(link.dataset.sectionLink);
        const missing = Array.from(section.querySelectorAll("[data-required]")).filter((f) => !isFilled(f) && !f.hidden).length;
        link.classList.toggle("is-complete", missing === 0);
        link.querySelector("[data-missing]").textContent = missing ? "缺 " + missing + " 项" : "已填";
        if (!missing) complete += 1;
      });
      count.textContent = list.dataset.label + " " + complete + "/" + links.length;
    }
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    update();
    const watcher = new IntersectionObserver(
      (entries) =>
        entries.forEach((entry) => {
          const link = links.find((l) => l.dataset.sectionLink === entry.target.id);
          if (link) link.classList.toggle("is-here", entry.isIntersecting);
        }),
      { rootMargin: "-20% 0px -70% 0px" },
    );
    links.forEach((link) => watcher.observe(document.getElementById(link.dataset.sectionLink)));
  }

  /* --- characters left: nothing is cut, too much is said --- */
  portal.onContent((root) =>
    portal.all(root, "[data-count-chars]").forEach((area) => {
      const limit = Number(area.dataset.countChars);
      const note = document.createElement("p");
      note.className = "field-count";
      area.after(note);
      const update = () => {
        const length = Array.from(area.value).length;
        note.textContent = length + " / " + limit + " 字";
        note.classList.toggle("is-over", length > limit);
      };
      area.addEventListener("input", update);
      update();
    }),
  );

  /* --- at most so many of a list: how many are chosen; the server has the last word --- */
  portal.onContent((root) =>
    portal.all(root, "[data-choose-up-to]").forEach((list) => {
      const note = list.form ? list.form.querySelector("[data-chosen]") : null;
      if (!note) return;
      const update = () => {
        const count = list.querySelectorAll("input:checked").length;
        note.querySelector("[data-chosen-count]").textContent = count;
        note.classList.toggle("is-over", count > Number(list.dataset.chooseUpTo));
      };
      note.hidden = false;
      list.addEventListener("change", update);
      update();
    }),
  );

  /* --- files: say at once what the server would refuse --- */
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.matches && input.matches("[data-submit-on-change] select, [data-submit-on-change] input[type=checkbox]") && !input.closest(".filter-drawer")) {
      input.form.requestSubmit();
      return;
    }
    if (!input.matches || !input.matches("input[type=file][data-file]")) return;
    const problem = input.closest("[data-file-box]").querySelector("[data-file-problem]");
    const limit = Number(input.dataset.maxBytes || 0);
    const kinds = (input.accept || "").split(",").map((k) => k.trim().toLowerCase()).filter((k) => k.startsWith("."));
    const files = Array.from(input.files);
    let text = "";
    if (limit && files.some((f) => f.size > limit)) text = problem.dataset.tooLarge;
    else if (kinds.length && files.some((f) => !kinds.some((k) => f.name.toLowerCase().endsWith(k)))) text = problem.dataset.wrongKind;
    problem.textContent = text;
    problem.hidden = !text;
    if (text) input.value = "";
  });

  /* --- number keys choose in the radio group under the focus or pointer (review desk) --- */
  document.addEventListener("keydown", (event) => {
    if (!/^[0-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input:not([type=radio]),textarea,select")) return;
    const group = event.target.closest("[data-keys]");
    if (!group) return;
    const choice = Array.from(group.querySelectorAll("input[type=radio]"))[Number(event.key) - 1];
    if (choice) {
      event.preventDefault();
      choice.checked = true;
      choice.focus();
      choice.dispatchEvent(new Event("input", { bubbles: true }));
      choice.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  /* Empty filters do not clutter the address. */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".filter-bar")) return;
    Array.from(event.target.elements).forEach((field) => {
      if (field.name && !field.value) field.disabled = true;
    });
    window.setTimeout(() => Array.from(event.target.elements).forEach((field) => (field.disabled = false)), 500);
  });
})();
