const $ = id => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';
const LEFT = 52;
const BOTTOM = 20;
const TOP = 8;
let pictures = 0;
let last = null;

const events = new EventSource('api/watch/events');
events.addEventListener('state', e => show(JSON.parse(e.data)));
events.addEventListener('end', () => events.close());
events.addEventListener('error', () => {
  if (last?.phase !== 'done') {
    $('phase').textContent = 'No connection to the training';
  }
});
$('stop').addEventListener('click', () => {
  $('stop').disabled = true;
  fetch('api/watch/stop', { method: 'POST' });
});
addEventListener('resize', () => last && show(last));

function show(state) {
  last = state;
  const doing = { training: 'Training', validating: 'Validating', stopping: 'Stopping' };
  if (state.phase === 'done') {
    $('phase').textContent = state.reason ? `Ended early: ${state.reason}` : 'Done';
  } else if (state.phase in doing) {
    $('phase').textContent =
      `${doing[state.phase]} epoch ${state.epoch + 1} of ${state.epochs}, batch ${state.batch} of ${state.batches}`;
  }
  document.body.dataset.phase = state.phase;
  document.title = `${Math.round(100 * state.done)} % – training – fastai4j`;
  $('stop').disabled = !['training', 'validating'].includes(state.phase);
  $('progress').firstElementChild.style.transform = `scaleX(${state.done})`;
  $('progress').setAttribute('aria-valuenow', Math.round(100 * state.done));
  $('clock').textContent = state.phase === 'waiting' ? '\u00a0'
    : `${clock(state.seconds)} so far` + (state.phase === 'done' ? '' : `, about ${clock(state.left)} left`);
  if (state.pictures !== pictures) {
    pictures = state.pictures;
    $('images').src = `api/watch/images?${pictures}`;
    $('images').hidden = false;
  }
  table(state);
  plots(state);
}

function clock(seconds) {
  const s = Math.round(seconds);
  const two = n => String(n).padStart(2, '0');
  return s < 3600 ? `${two(Math.floor(s / 60))}:${two(s % 60)}`
    : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

function table({ names, rows }) {
  const line = (cells, kind) => {
    const tr = document.createElement('tr');
    for (const cell of cells) {
      const td = document.createElement(kind);
      td.textContent = cell;
      tr.append(td);
    }
    return tr;
  };
  $('epochs').tHead.replaceChildren(line(names, 'th'));
  $('epochs').tBodies[0].replaceChildren(...rows.map(row => line(row, 'td')));
}

function plots({ at, losses, lrs, ends, names, rows }) {
  const column = i => rows.map((row, e) => [ends[e], Number(row[i])]).filter(p => Number.isFinite(p[1]));
  const curve = values => at.map((x, i) => [x, values[i]]).filter(p => p[1] !== null);
  const validLoss = names.indexOf('valid_loss');
  plot($('loss'), [['train', curve(losses), false], ['valid', validLoss < 0 ? [] : column(validLoss), true]]);
  plot($('rate'), [['c0', curve(lrs), false]]);
  const metrics = names.map((name, i) => [name, i])
    .filter(([name]) => !['epoch', 'train_loss', 'valid_loss', 'time'].includes(name));
  $('metricName').replaceChildren('Metrics', ...metrics.map(([name], i) => {
    const key = document.createElement('span');
    key.className = `key c${i % 4}`;
    key.textContent = name;
    return key;
  }));
  plot($('metric'), metrics.map(([, column_], i) => [`c${i % 4}`, column(column_), true]));
}

/** Lines in one frame: each has a class, points, and whether its points are marked. */
function plot(svg, lines) {
  const width = svg.clientWidth;
  const height = svg.clientHeight;
  const points = lines.flatMap(line => line[1]);
  svg.replaceChildren();
  if (points.length === 0 || width === 0) {
    return;
  }
  const right = Math.max(last.at.at(-1) ?? 1, ...points.map(p => p[0]));
  let low = Math.min(...points.map(p => p[1]));
  let high = Math.max(...points.map(p => p[1]));
  if (high - low < 1e-12) {
    low -= Math.abs(low) / 2 || 0.5;
    high += Math.abs(high) / 2 || 0.5;
  }
  const ticks = nice(low, high);
  low = Math.min(low, ticks[0]);
  high = Math.max(high, ticks.at(-1));
  const x = value => LEFT + (width - LEFT - 8) * value / right;
  const y = value => TOP + (height - BOTTOM - TOP) * (high - value) / (high - low);
  for (const tick of ticks) {
    add(svg, 'line', { x1: LEFT, x2: width - 8, y1: y(tick), y2: y(tick) });
    add(svg, 'text', { x: LEFT - 8, y: y(tick) + 4, 'text-anchor': 'end' }, String(Number(tick.toPrecision(6))));
  }
  add(svg, 'text', { x: LEFT, y: height - 3 }, '0');
  add(svg, 'text', { x: width - 8, y: height - 3, 'text-anchor': 'end' }, `${right} batches`);
  for (const [name, line, marked] of lines) {
    const d = line.map(([a, b], i) => `${i ? 'L' : 'M'}${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join('');
    add(svg, 'path', { d, class: name });
    if (marked) {
      line.forEach(([a, b]) => add(svg, 'circle', { cx: x(a), cy: y(b), r: 3.5, class: name }));
    }
  }
}

/** About four round numbers that span the range. */
function nice(low, high) {
  const rough = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= rough);
  const ticks = [];
  for (let t = Math.floor(low / step) * step; t < high + step * 0.999; t += step) {
    ticks.push(t);
  }
  return ticks;
}

function add(svg, kind, attributes, text = '') {
  const element = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.textContent = text;
  svg.append(element);
}
