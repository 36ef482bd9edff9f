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
      if (asking === form && isIncomplete(form)) return; // the server says what is missing; nothing happens yet
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(asking.dataset, event.submitter, () => {
        form.dataset.confirmed = "1";
        form.requestSubmit(event.submitter || undefined);
      });
    },
    true,
  );

  /* The same question before a request of htmx. */
  document.addEventListener("htmx:confirm", (event) => {
    const asking = event.detail.elt;
    if (!box || !asking.dataset.confirm) return;
    event.preventDefault();
    ask(asking.dataset, asking, () => event.detail.issueRequest(true));
  });

  function isIncomplete(form) {
    return Array.from(form.querySelectorAll("[data-required]")).some((field) => {
      const inputs = Array.from(field.querySelectorAll("input:not([type=hidden]), select, textarea"));
      const isAnswered = (input) => (/^(checkbox|radio)$/.test(input.type) ? input.checked : input.value.trim());
      return inputs.length > 0 && !inputs.some(isAnswered);
    });
  }

  function ask(words, button, then) {
    waiting = then;
    box.querySelector("[data-confirm-text]").textContent = words.confirm;
    const yes = box.querySelector("[data-confirm-yes]");
    yes.textContent = words.confirmLabel || (button ? button.textContent.trim() : "") || yes.dataset.default;
    yes.classList.toggle("btn-danger", Boolean(button && button.classList.contains("btn-danger")));
    yes.classList.toggle("btn-primary", !yes.classList.contains("btn-danger"));
    box.showModal();
  }

  if (box) {
    box.querySelector("[data-confirm-no]").addEventListener("click", () => box.close());
    box.querySelector("[data-confirm-yes]").addEventListener("click", () => {
      box.close();
      const then = waiting;
      waiting = null;
      if (then) then();
    });
  }
})();
