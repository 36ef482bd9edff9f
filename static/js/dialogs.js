/* Native dialogs: data-dialog opens one, data-confirm asks before a form is sent. */
(function () {
  "use strict";
  const box = document.querySelector("[data-confirm-dialog]");
  let waiting = null;

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    if (event.target.closest("[data-dialog-close]")) {
      event.target.closest("dialog").close();
      return;
    }
    /* A click on the veil closes; a click inside does not. */
    if (event.target instanceof HTMLDialogElement && event.target.open && event.target !== box) {
      const edge = event.target.getBoundingClientRect();
      const inside = event.clientX >= edge.left && event.clientX <= edge.right && event.clientY >= edge.top && event.clientY <= edge.bottom;
      if (!inside) event.target.close();
    }
  });

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const asking = event.submitter && event.submitter.dataset.confirm ? event.submitter : form;
      if (!box || !asking.dataset.confirm || form.dataset.confirmed) {
        delete form.dataset.confirmed;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = { form, submitter: event.submitter };
      box.querySelector("[data-confirm-text]").textContent = asking.dataset.confirm;
      const yes = box.querySelector("[data-confirm-yes]");
      yes.textContent = asking.dataset.confirmLabel || (event.submitter ? event.submitter.textContent.trim() : "") || yes.dataset.default;
      yes.classList.toggle("btn-danger", Boolean(event.submitter && event.submitter.classList.contains("btn-danger")));
      yes.classList.toggle("btn-primary", !yes.classList.contains("btn-danger"));
      box.showModal();
    },
    true,
  );

  if (box) {
    box.querySelector("[data-confirm-no]").addEventListener("click", () => box.close());
    box.querySelector("[data-confirm-yes]").addEventListener("click", () => {
      box.close();
      if (!waiting) return;
      waiting.form.dataset.confirmed = "1";
      waiting.form.requestSubmit(waiting.submitter || undefined);
      waiting = null;
    });
  }
})();
