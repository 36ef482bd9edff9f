/* Public board: asks for the published file now and then – without cookies, answered from the cache while nothing is new. */
(function () {
  "use strict";
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const every = Number(board.dataset.every) * 1000;
  const atOnce = Number(board.dataset.lines) || 0;
  const body = board.querySelector("tbody");
  const say = (name, text) => {
    const place = board.querySelector("[data-board-" + name + "]");
    if (place) place.textContent = text;
  };
  let shown = board.dataset.etag;
  let lines = Array.from(body.rows);
  let place = 0;

  function cell(css, text) {
    const made = document.createElement("td");
    made.className = css;
    made.textContent = text;
    return made;
  }
  function row(line) {
    const made = document.createElement("tr");
    if (line.rank <= 3) made.className = "is-first";
    const mark = cell("is-figure board-mark", line.mark);
    made.append(cell("board-rank", line.rank), cell("", line.name), mark);
    made.append(cell("board-wide", line.union), cell("board-wide", line.unit));
    return made;
  }
  function draw() {
    if (!atOnce) {
      body.replaceChildren(...lines);
      return;
    }
    if (place >= lines.length) place = 0;
    body.replaceChildren(...lines.slice(place, place + atOnce));
    say("page", lines.length > atOnce ? "第 " + (place + 1) + "—" + Math.min(place + atOnce, lines.length) + " 名，共 " + lines.length + " 名" : "");
  }
  async function ask() {
    try {
      const answer = await fetch(board.dataset.board, { credentials: "omit", headers: { Accept: "application/json" } });
      if (answer.status === 404) {
        say("words", "榜单已撤下。");
        lines = [];
        draw();
        window.clearInterval(asking);
      }
      if (!answer.ok) return;
      const mark = answer.headers.get("ETag");
      if (mark && mark === shown) return;
      shown = mark;
      const data = await answer.json();
      say("state", data.state_label);
      const state = board.querySelector("[data-board-state]");
      if (state) state.className = "board-state is-" + data.state;
      say("words", data.words);
      say("parts", data.parts_done + " / " + data.parts);
      say("time", new Date(data.updated_at).toLocaleTimeString("zh-CN", { hour12: false }));
      lines = data.lines.map(row);
      draw();
    } catch {
      /* the next question may get through; what is shown stays */
    }
  }
  draw();
  const asking = window.setInterval(ask, every);
  if (atOnce) window.setInterval(() => {
    place += atOnce;
    draw();
  }, 12000);
})();
