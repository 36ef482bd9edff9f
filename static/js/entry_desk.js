/* The entry form's page: the progress list follows what was saved, errors of single answers appear beside them. */
(function () {
  "use strict";

  function showProgress(nav, progress) {
    nav.querySelector("[data-complete]").textContent = String(progress.complete);
    nav.querySelector("[data-complete-bar]").value = progress.complete;
    Object.entries(progress.sections).forEach(([code, part]) => {
      const link = nav.querySelector('[data-section="' + code + '"]');
      if (!link) return;
      link.classList.toggle("is-complete", part.missing === 0);
      const note = link.querySelector("[data-missing]");
      note.textContent = part.missing ? note.dataset.lacking.replace("%n", part.missing) : note.dataset.done;
    });
  }

  function showErrors(form, errors) {
    form.querySelectorAll("[data-field]").forEach((field) => {
      const messages = errors[field.dataset.field] || [];
      let list = field.querySelector(":scope > .field-errors");
      /* A field that is being typed in is left alone until it is left. */
      if (messages.length && field.contains(document.activeElement) && !list) return;
      field.classList.toggle("field-invalid", messages.length > 0);
      if (!messages.length) {
        if (list) list.remove();
        return;
      }
      if (!list) {
        list = document.createElement("ul");
        list.className = "field-errors";
        field.append(list);
      }
      list.replaceChildren(
        ...messages.map((message) => {
          const item = document.createElement("li");
          item.textContent = message;
          return item;
        }),
      );
    });
  }

  document.addEventListener("portal:saved", (event) => {
    const nav = document.querySelector("[data-section-nav]");
    if (nav && event.detail.progress) showProgress(nav, event.detail.progress);
    if (event.detail.errors) showErrors(event.target, event.detail.errors);
  });

  /* A file came or went: the progress list asks again. */
  document.body.addEventListener("portal:files", () => {
    const form = document.querySelector("form[data-autosave]");
    if (form) form.dispatchEvent(new Event("portal:save"));
  });

  /* How much of an upload has gone up. */
  document.addEventListener("htmx:xhr:progress", (event) => {
    const box = event.target.closest && event.target.closest(".attachments");
    if (!box || !event.detail.lengthComputable) return;
    let bar = box.querySelector("progress");
    if (!bar) {
      bar = document.createElement("progress");
      bar.className = "section-nav-bar";
      box.append(bar);
    }
    bar.max = event.detail.total;
    bar.value = event.detail.loaded;
  });
  document.addEventListener("htmx:responseError", (event) => {
    const box = event.target.closest && event.target.closest(".attachments");
    if (!box) return;
    const bar = box.querySelector("progress");
    if (bar) bar.remove();
    const texts = { 413: "文件过大，服务器没有接收。请压缩后再上传。", 409: "申报件已在别处更新或锁定，请刷新页面。" };
    window.portal.toast(texts[event.detail.xhr.status] || "没有上传成功，请稍后再试。", "error");
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (event.target.closest && event.target.closest(".attachments")) window.portal.toast("网络不通，文件没有上传。请检查网络后重新选择。", "error");
  });
})();
