// SPDX-License-Identifier: Apache-2.0
//
// Draws the plots of a page: what they show stands in the element "plots" as JSON (Plot.java). The tables beside them
// have the same figures, so a plot has no controls of its own; what the pointer is on is said in figures.
(function () {
  'use strict';

  // CSS pixels of a sheet of A4 less its margins, and less what is written above a plot: none is cut in two.
  const SHEET = { width: 680, height: 840 };
  const FONT = getComputedStyle(document.body).fontFamily;
  const FORMS = ['circle', 'triangle', 'diamond', 'rect'];
  const SYMBOLS = FORMS.concat(['emptyCircle', 'emptyTriangle', 'emptyDiamond', 'emptyRect']);
  const DASHES = ['solid', [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [12, 4], [1, 2], [8, 2, 2, 2, 2, 2]];
  const ROW = 34;
  const PANEL = 84;
  const PANEL_HEAD = 48;

  // --- what is the same in all ---

  function theme() {
    const style = getComputedStyle(document.documentElement);
    const value = (name) => style.getPropertyValue(name).trim();
    return {
      paper: value('--paper'),
      ink: value('--ink'),
      quiet: value('--quiet'),
      line: value('--line'),
      grid: value('--grid'),
      accent: value('--accent'),
      band: value('--band'),
      series: value('--series').split(/\s+/),
    };
  }

  function grouped(value) {
    return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 });
  }

  function text(colours, more) {
    return Object.assign({ color: colours.ink, fontFamily: FONT, fontSize: 12 }, more);
  }

  function steps(width) {
    return width > 500 ? 5 : 3;
  }

  function valueAxis(colours, unit, more) {
    return Object.assign(
      {
        type: 'value',
        name: unit,
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle: text(colours, { color: colours.quiet }),
        axisLabel: text(colours, { color: colours.quiet, formatter: grouped, hideOverlap: true }),
        axisLine: { show: false },
        splitLine: { lineStyle: { color: colours.grid } },
      },
      more
    );
  }

  function nameAxis(colours, names, width) {
    return {
      type: 'category',
      data: names,
      inverse: true,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisLabel: text(colours, { width: width * 0.3, overflow: 'break', lineHeight: 14, interval: 0 }),
    };
  }

  function legend(colours, names, itemWidth) {
    return {
      data: names,
      left: 0,
      top: 0,
      itemGap: 18,
      itemWidth,
      itemHeight: 12,
      textStyle: text(colours),
      selectedMode: false,
    };
  }

  // Of a legend of these names, which takes more lines where there is less room.
  function legendHeight(names, width) {
    const all = names.reduce((sum, name) => sum + 50 + 7 * name.length, 0);
    return 12 + 22 * Math.ceil(all / width);
  }

  function tooltip(colours, more) {
    return Object.assign(
      {
        renderMode: 'richText', // which cannot be taken for markup
        confine: true,
        backgroundColor: colours.paper,
        borderColor: colours.line,
        textStyle: text(colours),
      },
      more
    );
  }

  function dot(index) {
    return SYMBOLS[index % SYMBOLS.length];
  }

  function colour(colours, index) {
    return colours.series[index % colours.series.length];
  }

  // --- one function for each kind; each gives the height as well ---

  const kinds = {
    bars(plot, colours, width, room) {
      const names = plot.parts.concat(plot.marks).map((part) => part.name);
      const top = legendHeight(names, width);
      const parts = plot.parts.map((part, index) => ({
        name: part.name,
        type: 'bar',
        stack: 'all',
        barMaxWidth: 22,
        itemStyle: { color: colour(colours, index), borderColor: colours.paper, borderWidth: 1 },
        data: part.values,
      }));
      const end = (row) => {
        const total = plot.parts.reduce((sum, part) => sum + (part.values[row] || 0), 0);
        const dots = plot.marks.flatMap((mark) => mark.points.filter((point) => point[1] === row));
        return Math.max(total, ...dots.map((point) => point[0]));
      };
      const ends = {
        type: 'scatter',
        silent: true,
        symbolSize: 0.1,
        itemStyle: { opacity: 1 }, // the label has it as well
        data: plot.names.map((_, row) => [end(row), row]),
        label: text(colours, {
          show: true,
          position: 'right',
          distance: 10,
          formatter: (at) => plot.ends[at.dataIndex],
        }),
      };
      const marks = plot.marks.map((mark, index) => ({
        name: mark.name,
        type: 'scatter',
        symbol: dot(index + 1),
        symbolSize: 10,
        itemStyle: { color: colours.paper, borderColor: colours.ink, borderWidth: 1.5, opacity: 1 },
        data: mark.points,
        z: 5,
      }));
      return {
        height: Math.min(top + ROW * plot.names.length + 46, room),
        option: {
          legend: legend(colours, names, 18),
          tooltip: tooltip(colours, { trigger: 'item', valueFormatter: grouped }),
          grid: { left: 0, right: width > 500 ? 170 : 96, top, bottom: 30, containLabel: true },
          xAxis: valueAxis(colours, plot.unit, {
            min: (range) => Math.min(0, range.min),
            splitNumber: steps(width),
          }),
          yAxis: nameAxis(colours, plot.names, width),
          series: parts.concat(ends, marks),
        },
      };
    },

    rows(plot, colours, width, room) {
      const names = plot.dots.map((dots) => dots.name);
      const top = legendHeight(names, width);
      return {
        height: Math.min(top + ROW * plot.names.length + 46, room),
        option: {
          legend: legend(colours, names, 14),
          tooltip: tooltip(colours, {
            trigger: 'item',
            formatter: ({ seriesName, value: [value, row] }) =>
              plot.names[row] + ', ' + seriesName + ': ' + grouped(value) + ' ' + plot.unit,
          }),
          grid: { left: 0, right: 44, top, bottom: 30, containLabel: true },
          xAxis: valueAxis(colours, plot.unit, {
            type: plot.logarithmic ? 'log' : 'value',
            scale: !plot.logarithmic,
            splitNumber: steps(width),
          }),
          yAxis: Object.assign(nameAxis(colours, plot.names, width), {
            splitLine: { show: true, lineStyle: { color: colours.grid } },
          }),
          series: plot.dots.map((dots, index) => ({
            name: dots.name,
            type: 'scatter',
            symbol: dot(index),
            symbolSize: 12,
            itemStyle: { color: colour(colours, index), borderColor: colours.paper, borderWidth: 1, opacity: 1 },
            data: dots.points,
          })),
        },
      };
    },

    // The share of packets p stands at 1 / (1 - p) on a logarithmic axis: 90 %, 99 % and 99.9 % are as far apart.
    percentiles(plot, colours, width) {
      const isNear = (value, other) => Math.abs(value / other - 1) < 1e-6;
      const isNamed = (value) => isNear(value, 2) || isNear(value, 10 ** Math.round(Math.log10(value)));
      const share = (value) => {
        const percent = 100 - 100 / value;
        return percent.toFixed(Math.max(0, Math.round(Math.log10(value)) - 2)) + ' %';
      };
      const names = plot.curves.map((curve) => curve.name);
      const top = legendHeight(names, width);
      return {
        height: 320 + top,
        option: {
          legend: legend(colours, names, 36),
          tooltip: tooltip(colours, {
            trigger: 'item',
            formatter: (at) =>
              at.seriesName + ': ' + (100 - 100 / at.value[0]).toPrecision(6) + ' % took no more than ' +
              grouped(at.value[1]) + ' ' + plot.unit,
          }),
          grid: { left: 0, right: 44, top: top + 24, bottom: 34, containLabel: true },
          xAxis: valueAxis(colours, 'share of packets', {
            type: 'log',
            min: 1,
            axisLabel: text(colours, { color: colours.quiet, formatter: share, hideOverlap: true }),
          }),
          yAxis: valueAxis(colours, plot.unit, { type: 'log', nameLocation: 'end', nameGap: 10 }),
          series: plot.curves.map((curve, index) => ({
            name: curve.name,
            type: 'line',
            step: 'start',
            symbol: dot(index),
            symbolSize: ([value]) => (isNamed(value) ? 8 : 0),
            showAllSymbol: true,
            itemStyle: { color: colour(colours, index) },
            lineStyle: { color: colour(colours, index), width: 2, type: DASHES[index % DASHES.length] },
            data: curve.points.map(([portion, value]) => [1 / (1 - portion), value]),
          })),
        },
      };
    },

    timeline(plot, colours, width, room) {
      const highest = Math.max(...plot.panels.flatMap((panel) => panel.most));
      const left = 14 + 7 * grouped(highest).length; // in all panels the same, so that times are below each other
      const each = Math.min(PANEL + PANEL_HEAD, Math.floor((room - 34) / plot.panels.length));
      const head = Math.min(PANEL_HEAD, Math.round(each * 0.45));
      const top = (index) => head + index * each;
      const series = [];
      plot.panels.forEach((panel, index) => {
        const at = (values) => plot.at.map((time, i) => [time, values[i]]);
        const line = { type: 'line', xAxisIndex: index, yAxisIndex: index, symbol: 'circle' };
        const edge = {
          silent: true,
          showSymbol: false,
          lineStyle: { color: colours.accent, width: 1 }, // the area alone has too little contrast
          stack: 'range' + index,
        };
        // The area between two lines: one below it, and on that another that is as high as they are apart.
        series.push(
          Object.assign({}, line, edge, { name: 'least', data: at(panel.least), tooltip: { show: false } }),
          Object.assign({}, line, edge, {
            name: 'range',
            areaStyle: { color: colours.band, opacity: 1 },
            data: at(panel.most.map((most, i) => (most === null ? null : most - panel.least[i]))),
          }),
          Object.assign({}, line, {
            name: panel.name,
            showSymbol: plot.at.length < 30,
            symbolSize: 5,
            itemStyle: { color: colours.accent },
            lineStyle: { color: colours.accent, width: 2 },
            data: at(panel.line),
          })
        );
      });
      const said = (points) => {
        const i = points[0].dataIndex;
        const time = new Date(plot.at[i]).toISOString().slice(11, 19);
        return [time + ' UTC']
          .concat(
            plot.panels
              .filter((panel) => panel.line[i] !== null)
              .map((panel) => panel.name + ': ' + grouped(panel.line[i]) + ' ' + panel.unit)
          )
          .join('\n');
      };
      return {
        height: each * plot.panels.length + 34,
        option: {
          title: plot.panels.map((panel, index) => ({
            text: '{name|' + plain(panel.name) + '}{note|' + plain(panel.note) + '}',
            left: 0,
            top: top(index) - Math.max(16, Math.min(30, head - 12)),
            padding: 0,
            textStyle: {
              width,
              overflow: 'truncate',
              rich: {
                name: text(colours, { fontWeight: 'bold', fontSize: 13 }),
                note: text(colours, { color: colours.quiet, fontSize: 12, padding: [0, 0, 0, 10] }),
              },
            },
          })),
          tooltip: tooltip(colours, { trigger: 'axis', formatter: said }),
          axisPointer: { link: [{ xAxisIndex: 'all' }], lineStyle: { color: colours.quiet } },
          grid: plot.panels.map((_, index) => ({ left, right: 32, top: top(index), height: each - head })),
          xAxis: plot.panels.map((_, index) => ({
            type: 'time',
            gridIndex: index,
            min: plot.at.length === 1 ? plot.at[0] - 1000 : 'dataMin',
            max: plot.at.length === 1 ? plot.at[0] + 1000 : 'dataMax',
            splitNumber: Math.max(2, Math.round(width / 140)),
            axisLine: { lineStyle: { color: colours.line } },
            axisTick: { show: index === plot.panels.length - 1, lineStyle: { color: colours.line } },
            axisLabel: text(colours, {
              color: colours.quiet,
              show: index === plot.panels.length - 1,
              formatter: timeFormat(plot.at),
              hideOverlap: true,
            }),
            splitLine: { show: false },
          })),
          yAxis: plot.panels.map((panel, index) =>
            valueAxis(colours, '', {
              gridIndex: index,
              splitNumber: 2,
              min: (range) => Math.min(0, range.min),
              max: panel.top === null ? null : (range) => Math.max(range.max, panel.top),
            })
          ),
          series,
        },
      };
    },
  };

  function timeFormat(at) {
    const hours = (at[at.length - 1] - at[0]) / 3.6e6;
    return hours < 0.5 ? '{HH}:{mm}:{ss}' : hours < 24 ? '{HH}:{mm}' : '{MM}-{dd} {HH}:{mm}';
  }

  // Braces and bars mean something in the library's rich text.
  function plain(words) {
    return words.replace(/[{}|]/g, ' ');
  }

  // --- drawing ---

  const plots = JSON.parse(document.getElementById('plots').textContent);
  const charts = plots.map((plot) => {
    const element = document.getElementById(plot.id);
    return { plot, element, chart: null, width: 0 };
  });

  function draw(drawn, paper) {
    const width = paper ? SHEET.width : drawn.element.clientWidth;
    const room = paper ? SHEET.height : Infinity;
    const { height, option } = kinds[drawn.plot.kind](drawn.plot, theme(), width, room);
    drawn.element.style.height = height + 'px';
    if (drawn.chart === null) {
      drawn.chart = echarts.init(drawn.element, null, { renderer: 'svg', width, height });
    } else {
      drawn.chart.resize({ width, height });
    }
    drawn.width = width;
    drawn.chart.setOption(
      Object.assign(option, {
        animation: false,
        useUTC: true,
        // The element has a label already; patterns tell the parts of bars apart.
        aria: { enabled: true, label: { enabled: false }, decal: { show: drawn.plot.kind === 'bars' } },
      }),
      true
    );
  }

  // What the columns are cannot be asked of a sheet.
  let opened = [];

  function openLegends() {
    const closed = Array.from(document.querySelectorAll('.legend:not([open])'));
    closed.forEach((legend) => (legend.open = true));
    opened = opened.concat(closed);
  }

  function closeLegends() {
    opened.forEach((legend) => (legend.open = false));
    opened = [];
  }

  function drawAll(paper) {
    document.documentElement.classList.toggle('on-paper', paper);
    charts.forEach((drawn) => draw(drawn, paper));
  }

  drawAll(false);
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawAll(false));
  window.addEventListener('beforeprint', () => {
    openLegends();
    drawAll(true);
  });
  window.addEventListener('afterprint', () => {
    closeLegends();
    drawAll(false);
  });
  new ResizeObserver(() => {
    charts
      .filter((drawn) => drawn.element.clientWidth > 0 && drawn.element.clientWidth !== drawn.width)
      .filter(() => !document.documentElement.classList.contains('on-paper'))
      .forEach((drawn) => draw(drawn, false));
  }).observe(document.body);
})();
