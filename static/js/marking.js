/* Marking on a tablet: one aspect, many benches. What is entered is kept on the device first and sent when it can be;
   every entry has a number of its own, so that nothing arrives twice. */
(function () {
  "use strict";
  const portal = window.portal;
  const desk = document.querySelector("[data-marking]");
  if (!desk) return;
  const data = JSON.parse(document.getElementById("marking-data").textContent);
  const find = (name) => document.querySelector("[data-" + name + "]");
  const prefix = "marking:" + data.user + ":" + data.part + ":";
  const aspects = data.aspects;
  let state = data.state;
  let cells = state.cells;
  let current = 0;
  let offline = false, signedOut = false, sending = false;

  /* --- the device's memory: one key for each entry, so that two windows do not overwrite one another --- */
  const memory = {
    items(kind) {
      const found = [];
      for (let i = 0; i < localStorage.length; i += 1) {
        const key = localStorage.key(i);
        if (key.startsWith(prefix + kind + ":")) found.push(JSON.parse(localStorage.getItem(key)));
      }
      return found.sort((a, b) => a.order - b.order);
    },
    put(kind, item) {
      localStorage.setItem(prefix + kind + ":" + item.id, JSON.stringify(item));
    },
    drop(kind, id) {
      localStorage.removeItem(prefix + kind + ":" + id);
    },
  };
  const waiting = () => memory.items("wait");
  const refused = () => memory.items("back");

  function number() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  /* A page from the worker's cache is as old as its last load: what was seen later is kept beside it. */
  function remember() {
    try {
      localStorage.setItem(prefix + "seen", JSON.stringify({ time: state.time, cells: cells }));
    } catch {
      /* full: the page as it was loaded has to do */
    }
  }
  function recall() {
    const seen = JSON.parse(localStorage.getItem(prefix + "seen") || "null");
    if (seen && seen.time > state.time) {
      cells = seen.cells;
      state.time = seen.time;
    }
  }

  const keyOf = (aspect, bench) => aspect + ":" + bench;
  const cellOf = (aspect, bench) => cells[keyOf(aspect, bench)] || { state: "empty" };
  function pendingOf(aspect, bench) {
    return pending[keyOf(aspect, bench)];
  }
  let pending = {};
  function index() {
    pending = {};
    waiting().forEach((item) => (pending[keyOf(item.aspect, item.bench)] = item));
  }

  /* --- entering --- */
  function enter(aspect, bench, figure) {
    if (!state.open) return;
    const cell = cellOf(aspect.id, bench);
    const before = pendingOf(aspect.id, bench);
    if (before ? before.figure === figure : cell.figure === figure && cell.state !== "discuss" && cell.state !== "rescore") return;
    const item = {
      id: number(), order: Date.now() + Math.random(), aspect: aspect.id, bench: bench, figure: figure,
      base: before ? before.id : cell.id || null, at: new Date().toISOString(),
    };
    try {
      memory.put("wait", item);
    } catch {
      portal.toast("本机存储空间不足，这一项没有保存，请联系工作人员。", "error");
      return;
    }
    draw();
    send();
  }

  /* --- sending --- */
  async function post(items) {
    const body = JSON.stringify({ marks: items.map(({ id, aspect, bench, figure, base, at }) => ({ id, aspect, bench, figure, base, at })) });
    return fetch(data.marks_url, { method: "POST", body: body, headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": state.csrf } });
  }
  const isJson = (answer) => (answer.headers.get("Content-Type") || "").includes("json");

  async function send() {
    if (sending) return;
    sending = true;
    try {
      let items = waiting().slice(0, 100);
      while (items.length) {
        let answer = await post(items);
        if (answer.status === 403 && !isJson(answer)) {
          await poll(); /* a fresh token after signing in again */
          answer = await post(items);
        }
        offline = false;
        signedOut = answer.redirected || answer.status === 401 || (answer.status === 403 && !isJson(answer));
        if (signedOut || !answer.ok) break;
        take(await answer.json());
        items = waiting().slice(0, 100);
      }
    } catch {
      offline = true;
    }
    sending = false;
    draw();
  }

  function take(answer) {
    (answer.results || []).forEach((result) => {
      const item = waiting().find((one) => one.id === result.id);
      if (!item) return;
      if (result.status !== "saved") memory.put("back", Object.assign(item, { status: result.status, message: result.message, current: result.current }));
      memory.drop("wait", result.id);
    });
    const results = answer.results;
    update(answer);
    if (results && results.some((result) => result.status !== "saved")) portal.toast("有评分没有被接受，请看页面上方的提示。", "warning");
  }

  function update(answer) {
    const keep = answer.results ? state.time : answer.time;
    Object.assign(cells, answer.cells);
    state = Object.assign({}, answer, { time: keep });
    remember();
  }

  async function poll() {
    try {
      const answer = await fetch(data.marks_url + "?since=" + encodeURIComponent(state.time), { headers: { Accept: "application/json" } });
      offline = false;
      signedOut = answer.redirected || answer.status === 401;
      if (answer.ok && isJson(answer)) update(await answer.json());
    } catch {
      offline = true;
    }
  }

  /* --- what is shown --- */
  function draw() {
    index();
    drawSync();
    drawAspects();
    drawProblems();
    drawGrid();
    find("closed").hidden = state.open;
    find("closed-words").textContent = state.reason;
  }

  function drawSync() {
    const count = waiting().length;
    const line = find("sync");
    const words = signedOut ? "登录已失效，请在新窗口登录" : offline ? "离线" : count ? "" : "已保存";
    line.className = "mark-sync " + (offline || signedOut ? "is-offline" : count ? "is-waiting" : "is-saved");
    find("sync-words").textContent = [words, count ? "待发送 " + count + " 条" : ""].filter(Boolean).join(" · ");
  }

  const open = (aspect, bench) => {
    if (pendingOf(aspect.id, bench)) return false;
    const cell = cellOf(aspect.id, bench);
    if (!aspect.judged) return cell.state === "empty";
    return data.seat ? cell.state === "empty" || cell.state === "discuss" || cell.state === "rescore" : cell.state !== "agreed";
  };

  function drawAspects() {
    const buttons = aspects.map((aspect, place) => {
      const button = make("button", "mark-aspect-link");
      const left = data.benches.filter((bench) => open(aspect, bench.id)).length;
      const split = data.benches.filter((bench) => cellOf(aspect.id, bench.id).state === "discuss" && !pendingOf(aspect.id, bench.id)).length;
      button.type = "button";
      button.append(make("b", "", aspect.code), make("span", "", aspect.title), make("span", "mark-left", split ? "重评 " + split : left ? "剩 " + left : "✓"));
      button.classList.toggle("is-split", split > 0);
      button.classList.toggle("is-done", !left);
      if (place === current) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => choose(place));
      return button;
    });
    find("aspects").replaceChildren(...buttons);
  }

  function choose(place) {
    current = Math.max(0, Math.min(aspects.length - 1, place));
    draw();
    window.scrollTo({ top: 0 });
  }

  function drawProblems() {
    const box = find("problems");
    const lines = refused().map((item) => {
      const aspect = aspects.find((one) => one.id === item.aspect);
      const bench = data.benches.find((one) => one.id === item.bench);
      const line = make("p", "mark-problem");
      const words = (aspect ? aspect.code : "") + " 工位 " + (bench ? bench.code : "") + "：您评的是 " + item.figure + (item.current ? "，已有的是 " + item.current.figure : "") + "。" + item.message;
      line.append(make("span", "", words));
      line.append(act(item.current ? "采用已有的" : "知道了", () => memory.drop("back", item.id)));
      if (item.status === "conflict" && state.open) line.append(act("改为我的", () => {
        memory.drop("back", item.id);
        memory.put("wait", { id: number(), order: Date.now(), aspect: item.aspect, bench: item.bench, figure: item.figure, base: item.current.id, at: item.at });
      }));
      return line;
    });
    box.replaceChildren(...lines);
    box.hidden = !lines.length;
  }
  function act(label, what) {
    const button = make("button", "btn btn-secondary btn-sm", label);
    button.type = "button";
    button.addEventListener("click", () => {
      what();
      draw();
      send();
    });
    return button;
  }

  const SCALE = ["0", "1", "2", "3"];
  const choices = (aspect) => (aspect.judged ? SCALE : aspect.rule === "all" ? ["1", "0"] : []);

  function drawGrid() {
    const aspect = aspects[current];
    if (!aspect) return;
    find("aspect-title").textContent = aspect.code + " " + aspect.title;
    find("aspect-max").textContent = aspect.max;
    find("aspect-hint").textContent = aspect.judged ? "三名裁判各自评0至3分，相差超过1分须讨论后重评。" : aspect.hint;
    const heads = [head("工位", "mark-bench")];
    if (aspect.judged) SCALE.forEach((n) => heads.push(head(n, "mark-scale", aspect.descriptions[Number(n)])));
    else heads.push(head(aspect.rule === "all" ? "结果" : "测量值" + (aspect.unit ? "（" + aspect.unit + "）" : ""), "mark-value"));
    heads.push(head("状态", "mark-state"));
    find("heads").replaceChildren(...heads);
    const session = find("session").value;
    const only = find("only").checked;
    const shown = data.benches.filter((bench) => (!session || bench.session === session) && (!only || open(aspect, bench.id)));
    const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.spot : "";
    const typing = document.activeElement && document.activeElement.matches("[data-typed]") ? document.activeElement.value : null;
    find("rows").replaceChildren(...shown.map((bench) => row(aspect, bench)));
    const spot = focused && find("rows").querySelector('[data-spot="' + focused + '"]');
    if (spot) {
      spot.focus({ preventScroll: true });
      if (typing !== null) spot.value = typing;
    }
    const left = data.benches.filter((bench) => open(aspect, bench.id)).length;
    find("count").textContent = "共 " + data.benches.length + " 个工位，" + (left ? "还剩 " + left + " 个" : "本项已评完");
  }
  function head(text, css, note) {
    const cell = make("th", css);
    cell.scope = "col";
    cell.append(make("b", "", text));
    if (note) cell.append(make("span", "", note));
    return cell;
  }

  function row(aspect, bench) {
    const line = make("tr");
    const cell = cellOf(aspect.id, bench.id);
    const mine = pendingOf(aspect.id, bench.id);
    const redo = !mine && (cell.state === "discuss" || cell.state === "rescore");
    const figure = mine ? mine.figure : cell.figure;
    const may = state.open && (data.seat || !aspect.judged);
    const name = make("th", "mark-bench", bench.code);
    name.scope = "row";
    if (bench.session) name.append(make("small", "", bench.session));
    line.append(name);
    line.classList.toggle("is-split", !mine && cell.state === "discuss");
    if (choices(aspect).length) line.append(...buttons(aspect, bench, figure, redo, may));
    else line.append(field(aspect, bench, figure, may));
    const status = make("td", "mark-state", words(aspect, cell, mine));
    line.append(status);
    return line;
  }

  function buttons(aspect, bench, figure, redo, may) {
    const made = choices(aspect).map((choice) => {
      const button = make("button", "mark-button", aspect.judged ? choice : choice === "1" ? "达到" : "未达到");
      button.type = "button";
      button.disabled = !may;
      button.dataset.spot = bench.id + "-" + choice;
      button.setAttribute("aria-label", "工位 " + bench.code + " " + button.textContent + (aspect.judged ? " 分" : ""));
      button.setAttribute("aria-pressed", String(figure === choice));
      if (redo) button.classList.add("is-old");
      button.addEventListener("click", () => enter(aspect, bench.id, choice));
      return button;
    });
    if (aspect.judged) return made.map((button) => wrap(button, "mark-scale"));
    const cell = make("td", "mark-value");
    cell.append(...made);
    return [cell];
  }
  function wrap(inner, css) {
    const cell = make("td", css);
    cell.append(inner);
    return cell;
  }

  function field(aspect, bench, figure, may) {
    const input = make("input", "form-control mark-typed");
    const note = make("small", "mark-note");
    input.type = "text";
    input.inputMode = "decimal";
    input.autocomplete = "off";
    input.maxLength = 14;
    input.value = figure || "";
    input.disabled = !may;
    input.dataset.spot = "typed-" + bench.id;
    input.dataset.typed = "";
    input.setAttribute("aria-label", "工位 " + bench.code + " 测量值");
    const keep = () => {
      const value = input.value.trim().replace("，", ".").replace("。", ".").replace(",", ".");
      if (!value) return;
      const wrong = problem(aspect, value);
      note.textContent = wrong;
      input.classList.toggle("is-invalid", Boolean(wrong));
      if (!wrong) enter(aspect, bench.id, plain(value));
    };
    input.addEventListener("change", keep);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      const all = Array.from(document.querySelectorAll("[data-typed]"));
      const next = all[all.indexOf(input) + 1];
      if (next) window.setTimeout(() => document.querySelector('[data-spot="' + next.dataset.spot + '"]').select(), 0);
      keep();
    });
    const cell = make("td", "mark-value");
    cell.append(input, note);
    return cell;
  }
  /* As the server writes figures, so that the same value is the same text. */
  const plain = (text) => {
    const short = text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
    return short.replace(/^(-?)0+(?=\d)/, "$1");
  };
  function problem(aspect, text) {
    if (!/^-?\d{1,8}(\.\d{1,4})?$/.test(text)) return "请填写数字，最多四位小数";
    if (aspect.rule === "deduct" && !/^\d+$/.test(text)) return "请填写处数";
    const value = Number(text);
    const within = (aspect.low === "" || value >= Number(aspect.low)) && (aspect.high === "" || value <= Number(aspect.high));
    return within ? "" : "应在 " + aspect.low + " 至 " + aspect.high + " " + aspect.unit + " 之间，请核对";
  }

  function words(aspect, cell, mine) {
    if (mine) return "待发送";
    if (cell.state === "discuss") return "三人评分 " + cell.scores.join("、") + "，相差超过1分：请三人讨论后都重评";
    if (cell.state === "rescore") return "重评中：请您重新评分";
    if (cell.state === "waiting") return "已评，等待其他裁判（" + cell.entered + "/3）";
    if (cell.state === "agreed") return (cell.scores ? cell.scores.join("、") + " → " : "") + "得 " + cell.mark + " 分";
    return "";
  }

  function make(tag, css, text) {
    const element = document.createElement(tag);
    if (css) element.className = css;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /* --- going on --- */
  document.querySelectorAll("[data-step]").forEach((button) => button.addEventListener("click", () => choose(current + Number(button.dataset.step))));
  find("session").addEventListener("change", drawGrid);
  find("only").addEventListener("change", drawGrid);
  document.addEventListener("keydown", (event) => {
    const spot = event.target.closest && event.target.closest(".mark-button");
    if (!spot || !/^[0-3]$/.test(event.key)) return;
    const button = document.querySelector('[data-spot="' + spot.dataset.spot.split("-")[0] + "-" + event.key + '"]');
    if (button && !button.disabled) button.click();
  });
  async function tick() {
    if (waiting().length) await send();
    else {
      const before = JSON.stringify([cells, offline, signedOut, state.open]);
      await poll();
      if (before !== JSON.stringify([cells, offline, signedOut, state.open])) draw();
    }
  }
  window.addEventListener("online", tick);
  window.addEventListener("offline", () => { offline = true; drawSync(); });
  window.addEventListener("storage", (event) => {
    if (event.key && event.key.startsWith(prefix)) draw();
  });
  window.setInterval(tick, 4000);
  if ("serviceWorker" in navigator && window.isSecureContext) navigator.serviceWorker.register(data.worker_url).catch(() => {});
  recall();
  draw();
  if (waiting().length) send();
})();
