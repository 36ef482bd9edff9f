/* Draws <figure data-chart> from its JSON block with ECharts and the tokens' palette; the table stays below. */
(function () {
  "use strict";
  const portal = window.portal;
  const source = document.currentScript ? document.currentScript.dataset.echarts : "";
  let loading = null;

  function load() {
    if (window.echarts) return Promise.resolve(window.echarts);
    loading =
      loading ||
      new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = source;
        script.onload = () => resolve(window.echarts);
        script.onerror = reject;
        document.head.append(script);
      });
    return loading;
  }

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const palette = () => [1, 2, 3, 4, 5, 6].map((n) => css("--chart-" + n));
  const group = (value) => (value === null || value === undefined ? "—" : Number(value).toLocaleString("zh-CN", { maximumFractionDigits: Math.abs(value) < 10 ? 4 : 2 }));

  function base(data) {
    return {
      color: palette(),
      animation: false,
      textStyle: { fontFamily: css("--font-text"), fontSize: 13, color: css("--ink") },
      /* richText draws on the canvas: the page allows no inline style. */
      tooltip: { renderMode: "richText", confine: true, backgroundColor: css("--paper"), borderColor: css("--line-strong"), textStyle: { color: css("--ink"), fontSize: 13 }, valueFormatter: (v) => group(v) + (data.unit ? " " + data.unit : "") },
      grid: { left: 8, right: 24, top: data.series.length > 1 ? 36 : 16, bottom: 8, containLabel: true },
      legend: data.series.length > 1 ? { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: css("--ink-2") } } : undefined,
    };
  }
  const valueAxis = () => ({ type: "value", axisLabel: { color: css("--ink-2"), formatter: group }, splitLine: { lineStyle: { color: css("--line") } } });
  const categoryAxis = (labels) => ({ type: "category", data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: css("--line-strong") } }, axisLabel: { color: css("--ink"), width: 140, overflow: "truncate" } });
  const label = (position) => ({ show: true, position, color: css("--ink"), fontSize: 12, formatter: (p) => group(p.value) });
  const tone = (series, index) => (series.tone ? css("--" + (series.tone === "gold" ? "gold-600" : series.tone === "primary" ? "red-700" : series.tone)) : palette()[index % 6]);

  function bars(data, horizontal, stacked) {
    const few = data.labels.length <= 16 && !stacked;
    const option = base(data);
    option.tooltip.trigger = "axis";
    option.tooltip.axisPointer = { type: "shadow" };
    option[horizontal ? "xAxis" : "yAxis"] = few ? { type: "value", show: false } : valueAxis(); /* labelled bars need no scale */
    option[horizontal ? "yAxis" : "xAxis"] = Object.assign(categoryAxis(data.labels), horizontal ? { inverse: true } : {});
    if (horizontal) option.grid.right = 56;
    option.series = data.series.map((s, i) => ({
      name: s.name, type: "bar", data: s.values, stack: stacked ? "all" : undefined, barMaxWidth: horizontal ? 18 : 36, itemStyle: { color: tone(s, i), borderRadius: stacked ? 0 : 2 }, label: few ? label(horizontal ? "right" : "top") : undefined, labelLayout: { hideOverlap: true },
    }));
    return option;
  }
  function line(data) {
    const option = base(data);
    option.tooltip.trigger = "axis";
    option.xAxis = Object.assign(categoryAxis(data.labels), { boundaryGap: false });
    option.yAxis = Object.assign(valueAxis(), { scale: data.from_zero === false });
    option.grid.right = 88;
    option.legend = undefined;
    option.series = data.series.map((s, i) => ({ name: s.name, type: "line", data: s.values, symbolSize: 6, lineStyle: { width: 2, color: tone(s, i) }, itemStyle: { color: tone(s, i) }, endLabel: { show: true, formatter: "{a}", color: tone(s, i) }, labelLayout: { moveOverlap: "shiftY" } }));
    return option;
  }
  function histogram(data) {
    const option = bars(data, false, false);
    option.series.forEach((s) => {
      s.barCategoryGap = "4%";
      s.barMaxWidth = undefined;
    });
    return option;
  }
  function funnel(data) {
    /* A bar list tells the steps more honestly than slanted areas: the share of the step before stands beside it. */
    const option = bars(data, true, false);
    const values = data.series[0].values;
    option.grid.right = 120;
    option.series[0].label.formatter = (p) => {
      const before = values[p.dataIndex - 1];
      return group(p.value) + (p.dataIndex && before ? "（" + ((100 * p.value) / before).toFixed(1) + "%）" : "");
    };
    return option;
  }
  function pie(data) {
    const option = base(data);
    option.tooltip.trigger = "item";
    option.legend = undefined;
    option.series = [{ type: "pie", radius: ["46%", "72%"], data: data.labels.map((name, i) => ({ name, value: data.series[0].values[i] })), label: { formatter: "{b}  {c}（{d}%）", color: css("--ink") }, itemStyle: { borderColor: css("--paper"), borderWidth: 2 } }];
    return option;
  }
  const kinds = { bar: (d) => bars(d, false, false), hbar: (d) => bars(d, true, false), stack: (d) => bars(d, false, true), line, histogram, funnel, pie };

  function draw(echarts, figure) {
    const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const canvas = figure.querySelector("[data-chart-canvas]");
    canvas.hidden = false;
    if (data.kind === "hbar" || data.kind === "funnel") canvas.style.height = Math.max(140, 32 * data.labels.length * Math.max(1, data.series.length * 0.7) + 40) + "px";
    figure.querySelector("[data-chart-table]").open = false;
    const chart = echarts.init(canvas, null, { renderer: "canvas" });
    chart.setOption(kinds[data.kind](data));
    new ResizeObserver(() => chart.resize()).observe(canvas);
  }

  portal.onContent((root) => {
    const figures = portal.all(root, "figure[data-chart]").filter((f) => !f.dataset.drawn);
    if (!figures.length) return;
    figures.forEach((f) => (f.dataset.drawn = "1"));
    load().then((echarts) => figures.forEach((f) => draw(echarts, f)), () => {});
  });
})();
