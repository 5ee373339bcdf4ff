import { Pad } from './pad.js';

const READ_BY_SERVER = ['image/png', 'image/jpeg', 'image/gif', 'image/bmp', 'image/webp'];
const ALL_SHOWN = 12;
const MOST_SHOWN = 5;
const LARGEST_SIDE = 1600;

const $ = id => document.getElementById(id);
const model = await (await fetch('api/model')).json();
const digit = model.input.digit;
const inOrder = model.vocab.length <= ALL_SHOWN;
let upload = null;
let busy = false;
let again = false;

const pad = new Pad($('pad'), changed);
describe();
bars(inOrder ? model.vocab : Array(MOST_SHOWN).fill(''));
show();
document.body.dataset.state = 'done';
document.body.dataset.ready = 'true';

/** Another drawing or another image: show it, and ask the net. */
function changed() {
  if (!pad.empty && upload) {
    forget();
  }
  show();
  ask();
}

function show() {
  const drawing = digit && !upload;
  $('pad').hidden = !drawing;
  $('preview').hidden = !upload;
  $('sheet').classList.toggle('inverted', drawing && pad.inverted);
  $('sheet').classList.toggle('empty-upload', !digit && !upload);
  $('hint').hidden = upload || !pad.empty;
  $('hint').textContent = digit ? 'Draw a digit' : 'Drop an image here';
  for (const id of ['undo', 'invert', 'pen']) {
    $(id).hidden = !digit;
  }
  $('undo').disabled = !drawing || pad.empty;
  $('clear').disabled = pad.empty && !upload;
  $('invert').disabled = !drawing;
  $('invert').setAttribute('aria-pressed', pad.inverted);
}

/** One question at a time; what has changed meanwhile is asked next. */
async function ask() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  document.body.dataset.state = 'asking';
  do {
    again = false;
    await predict();
  } while (again);
  busy = false;
  document.body.dataset.state = 'done';
}

async function predict() {
  if (!upload && !pad.legible) {
    answer(null);
    return;
  }
  try {
    const body = upload ? upload.blob : await pad.image();
    const top = inOrder ? model.vocab.length : MOST_SHOWN;
    const response = await fetch(`api/predict?sees=1&top=${top}`, {
      method: 'POST',
      headers: { 'Content-Type': body.type },
      body,
    });
    const result = await response.json();
    if (response.ok) {
      answer(result);
    } else {
      fail(result.error);
    }
  } catch {
    fail('The server does not answer. Is it still running?');
  }
}

function answer(result) {
  $('error').hidden = true;
  $('sees').hidden = !result;
  $('nothing').hidden = Boolean(result);
  $('label').textContent = result ? result.label : '\u00a0';
  $('label').classList.toggle('long', Boolean(result) && result.label.length > 2);
  $('sure').textContent = result ? `${percent(result.probability)} sure` : '\u00a0';
  if (result) {
    $('sees').src = result.sees;
  }
  const rows = $('bars').children;
  const top = result ? result.top : [];
  for (let i = 0; i < rows.length; i++) {
    const name = inOrder ? model.vocab[i] : (top[i]?.label ?? '');
    const p = top.find(t => t.label === name)?.probability ?? 0;
    rows[i].classList.toggle('best', Boolean(result) && name === result.label);
    rows[i].querySelector('.name').textContent = name;
    rows[i].querySelector('.bar').style.transform = `scaleX(${p})`;
    rows[i].querySelector('.value').textContent = result && name ? percent(p) : '';
  }
  document.body.dataset.answer = result ? result.label : '';
}

function fail(message) {
  answer(null);
  $('error').textContent = message;
  $('error').hidden = false;
}

function percent(p) {
  return `${(100 * p).toFixed(1)} %`;
}

/** Empty bars, one for each name. */
function bars(names) {
  $('bars').classList.toggle('named', model.vocab.some(name => name.length > 2));
  for (const name of names) {
    const row = document.createElement('li');
    for (const part of ['name', 'track', 'value']) {
      const span = document.createElement(part === 'track' ? 'div' : 'span');
      span.className = part;
      row.append(span);
    }
    row.querySelector('.name').textContent = name;
    const bar = document.createElement('div');
    bar.className = 'bar';
    row.querySelector('.track').append(bar);
    $('bars').append(row);
  }
}

function describe() {
  const { arch, vocab, input, provenance } = model;
  const accuracy = provenance.accuracy ? `, ${(100 * provenance.accuracy).toFixed(1)} % right in validation` : '';
  $('model').textContent = `${arch}, ${vocab.length} classes${accuracy}`;
  const size = `${input.width} × ${input.height}, ${input.channels === 1 ? 'grey' : 'color'}`;
  const facts = { architecture: arch, classes: vocab.join(', '), input: size, ...provenance };
  for (const [name, value] of Object.entries(facts)) {
    const dt = document.createElement('dt');
    const dd = document.createElement('dd');
    dt.textContent = name.replaceAll('_', ' ');
    dd.textContent = value;
    $('about').append(dt, dd);
  }
  $('curl').textContent =
    `curl --data-binary @image.png -H 'Content-Type: image/png' ${location.origin}/api/predict`;
  $('preview').alt = 'The uploaded image';
}

/** Takes an image of any kind that the browser can read. */
async function open(file) {
  try {
    const direct = READ_BY_SERVER.includes(file.type) && file.size < model.limits.bytes / 2;
    const blob = direct ? file : await converted(file);
    forget();
    pad.clear();
    upload = { blob, url: URL.createObjectURL(blob) };
    $('preview').src = upload.url;
    changed();
  } catch {
    fail(`${file.name || 'This'} is not an image that can be read.`);
  }
}

async function converted(file) {
  const bitmap = await createImageBitmap(file);
  const factor = Math.min(1, LARGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * factor));
  canvas.height = Math.max(1, Math.round(bitmap.height * factor));
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
}

function forget() {
  if (upload) {
    URL.revokeObjectURL(upload.url);
    upload = null;
  }
}

function clear() {
  forget();
  $('file').value = '';
  pad.clear();
}

$('undo').addEventListener('click', () => pad.undo());
$('clear').addEventListener('click', clear);
$('invert').addEventListener('click', () => pad.invert());
$('width').addEventListener('input', e => { pad.width = Number(e.target.value); });
$('file').addEventListener('change', e => e.target.files[0] && open(e.target.files[0]));

addEventListener('keydown', e => {
  if ((e.ctrlKey || e.metaKey) && e.key === 'z' && !pad.empty) {
    e.preventDefault();
    pad.undo();
  } else if (e.key === 'Escape') {
    clear();
  }
});
addEventListener('paste', e => {
  const file = [...e.clipboardData.files].find(f => f.type.startsWith('image/'));
  if (file) {
    e.preventDefault();
    open(file);
  }
});
addEventListener('dragover', e => {
  e.preventDefault();
  $('drop').hidden = false;
});
addEventListener('dragleave', e => {
  if (!e.relatedTarget) {
    $('drop').hidden = true;
  }
});
addEventListener('drop', e => {
  e.preventDefault();
  $('drop').hidden = true;
  if (e.dataTransfer.files[0]) {
    open(e.dataTransfer.files[0]);
  }
});
