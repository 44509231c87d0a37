const $ = id => document.getElementById(id);
const canvas = $('canvas');
const drawing = canvas.getContext('2d');

let photo = null;      // the visitor's photo as a bitmap, upright
let result = null;     // what the server said of it
let map = null;        // class ids and probabilities: red and green of map.png
let tint = null;       // the classes in color, as large as the map
let upload = null;     // aborts the request under way

const limits = await fetch('api/limits').then(answer => answer.json());
const megabytes = bytes => `${+(bytes / 1048576).toPrecision(2)} MB`;
$('limits').textContent = `up to ${megabytes(limits.maxUploadBytes)} and ${Math.round(limits.maxPixels / 1e6)} megapixels`;

// One photo at a time: a new one takes the place of the one under way.
async function segment(file) {
  upload?.abort();
  const mine = upload = new AbortController();
  showError(null);
  showResult(null);
  try {
    if (file.size > limits.maxUploadBytes)
      throw new Error(`The photo has ${megabytes(file.size)}; up to ${megabytes(limits.maxUploadBytes)} are taken.`);
    photo = await createImageBitmap(file).catch(() => { throw new Error('This file is no picture that the browser can show.'); });
    if (mine.signal.aborted)
      return;
    showPhoto();
    showState('Uploading', null);
    const found = await send(file, mine.signal);
    showState('Drawing', 1);
    const pixels = await readPixels(`api/results/${found.id}/map.png`, mine.signal);
    if (mine.signal.aborted)
      return;
    map = pixels;
    showResult(found);
  } catch (error) {
    if (mine.signal.aborted)
      return;
    $('view').hidden = true;
    $('drop').hidden = false;
    showError(error.message);
  }
}

// The answer comes in lines while the server works. Leaving the page, or abort(), ends the work there.
async function send(file, signal) {
  const answer = await fetch('api/segmentations', { method: 'POST', body: file, headers: { 'Content-Type': file.type || 'application/octet-stream' }, signal });
  if (!answer.ok)
    throw new Error((await answer.json().catch(() => null))?.detail ?? `The server answered ${answer.status}.`);

  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (true) {
    const { value, done } = await reader.read();
    if (done)
      throw new Error('The connection to the server was lost.');
    text += value;
    const lines = text.split('\n');
    text = lines.pop();
    for (const line of lines.map(line => JSON.parse(line))) {
      if (line.state === 'done')
        return line.result;
      if (line.state === 'failed')
        throw new Error(line.error);
      if (line.state === 'waiting')
        showState(line.ahead === 1 ? 'Waiting: one photo comes first' : `Waiting: ${line.ahead} photos come first`, null);
      else
        showState('Looking', line.fraction || null);   // proposals are found before the first step is done
    }
  }
}

async function readPixels(url, signal) {
  const answer = await fetch(url, { signal });
  if (!answer.ok)
    throw new Error('The result could not be fetched. Try the photo again.');
  const bitmap = await createImageBitmap(await answer.blob(), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const copy = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(bitmap, 0, 0);
  return copy.getImageData(0, 0, bitmap.width, bitmap.height);
}

function showPhoto() {
  const scale = Math.min(1, 1600 / Math.max(photo.width, photo.height));
  canvas.width = Math.max(1, Math.round(photo.width * scale));
  canvas.height = Math.max(1, Math.round(photo.height * scale));
  canvas.style.setProperty('--ratio', canvas.width / canvas.height);
  $('drop').hidden = true;
  $('view').hidden = false;
  draw();
}

function showState(text, fraction) {
  $('busy').hidden = false;
  $('state').textContent = text;
  if (fraction === null)
    $('progress').removeAttribute('value');
  else
    $('progress').value = fraction;
}

function showError(text) {
  $('error').hidden = text === null;
  $('error').textContent = text ?? '';
}

function showResult(found) {
  result = found;
  $('panel').hidden = found === null;
  document.querySelector('main').classList.toggle('has-result', found !== null);
  $('reading').textContent = '';
  if (found === null) {
    map = tint = null;
    return;
  }

  $('busy').hidden = true;
  $('nothing').hidden = found.classes.length > 0;
  $('classes').replaceChildren(...found.classes.map(classRow));
  $('time').textContent = `${found.width} × ${found.height} pixels, ${(found.milliseconds / 1000).toFixed(1)} s`;
  $('download-labels').href = `api/results/${found.id}/labels.png`;
  $('download-json').href = `api/results/${found.id}/result.json`;
  paint();
}

function classRow(found) {
  const row = document.createElement('li');
  row.style.setProperty('--swatch', `rgb(${found.color.join(' ')})`);
  const label = document.createElement('label');
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', checked: true, name: found.name });
  box.addEventListener('change', paint);
  const name = Object.assign(document.createElement('span'), { className: 'name', textContent: found.name });
  const share = Object.assign(document.createElement('span'), { className: 'share', textContent: percent(found.fraction) });
  label.append(box, name, share);
  const bar = Object.assign(document.createElement('span'), { className: 'bar' });
  bar.append(Object.assign(document.createElement('i'), { style: `width: ${100 * found.fraction}%` }));
  row.append(label, bar);
  return row;
}

const shownClasses = () => result.classes.filter(found => document.querySelector(`#classes input[name="${CSS.escape(found.name)}"]`).checked);

// Colors the pixels of the classes that are switched on, with a white outline that is seen on any photo.
function paint() {
  const shown = shownClasses();
  const colors = new Map(shown.map(found => [found.id, found.color]));
  const { width, height, data } = map;
  const colored = new ImageData(width, height);
  for (let i = 0; i < data.length; i += 4) {
    const color = colors.get(data[i]);
    if (!color)
      continue;
    const isEdge = data[i] !== data[i - 4] || data[i] !== data[i + 4] || data[i] !== data[i - 4 * width] || data[i] !== data[i + 4 * width];
    colored.data.set(isEdge ? [255, 255, 255] : color, i);
    colored.data[i + 3] = 255;
  }

  tint = new OffscreenCanvas(width, height);
  tint.getContext('2d').putImageData(colored, 0, 0);
  const names = shown.map(found => encodeURIComponent(found.name)).join(',');
  $('download-cutout').hidden = shown.length === 0;
  $('download-cutout').href = `api/results/${result.id}/cutout.png?classes=${names}`;
  $('download-overlay').href = `api/results/${result.id}/overlay.png?classes=${names}&opacity=${$('opacity').value / 100}`;
  draw();
}

function draw() {
  drawing.globalAlpha = 1;
  drawing.drawImage(photo, 0, 0, canvas.width, canvas.height);
  if (!tint)
    return;
  drawing.globalAlpha = $('opacity').value / 100;
  drawing.imageSmoothingEnabled = false;
  drawing.drawImage(tint, 0, 0, canvas.width, canvas.height);
  drawing.imageSmoothingEnabled = true;
}

function read(event) {
  if (!map)
    return;
  const x = Math.min(map.width - 1, Math.floor(event.offsetX / canvas.clientWidth * map.width));
  const y = Math.min(map.height - 1, Math.floor(event.offsetY / canvas.clientHeight * map.height));
  if (x < 0 || y < 0)
    return;
  const at = 4 * (y * map.width + x);
  const found = result.classes.find(one => one.id === map.data[at]);
  const confidence = percent(map.data[at + 1] / 255, 0);
  $('reading').textContent = found ? `${found.name}, ${confidence} sure; ${percent(found.fraction)} of the photo` : `background, ${confidence} sure`;
}

const percent = (fraction, digits = 1) => `${(100 * fraction).toFixed(digits)} %`;

$('file').addEventListener('change', event => {
  if (event.target.files[0])
    segment(event.target.files[0]);
  event.target.value = '';
});
$('drop').addEventListener('keydown', event => {
  if (event.key === 'Enter' || event.key === ' ')
    $('file').click();
});
$('opacity').addEventListener('input', () => {
  $('opacity-value').textContent = `${$('opacity').value} %`;
  paint();
});
$('cancel').addEventListener('click', reset);
$('again').addEventListener('click', reset);
canvas.addEventListener('pointermove', read);
canvas.addEventListener('pointerleave', () => { $('reading').textContent = ''; });
document.addEventListener('paste', event => {
  const file = [...event.clipboardData.files].find(one => one.type.startsWith('image/'));
  if (file)
    segment(file);
});
for (const button of document.querySelectorAll('[data-photo]'))
  button.addEventListener('click', async () => segment(await fetch(button.dataset.photo).then(answer => answer.blob())));

document.addEventListener('dragover', event => {
  event.preventDefault();
  document.body.classList.add('dragging');
});
document.addEventListener('dragleave', () => document.body.classList.remove('dragging'));
document.addEventListener('drop', event => {
  event.preventDefault();
  document.body.classList.remove('dragging');
  if (event.dataTransfer.files[0])
    segment(event.dataTransfer.files[0]);
});

function reset() {
  upload?.abort();
  upload = photo = null;
  showError(null);
  showResult(null);
  $('view').hidden = true;
  $('drop').hidden = false;
}
