// The elements of the trainer.

const PAGE = `
<div class="settings">
  <p>A network learns Go-NoGo: its output should rise to 1 after a pulse (go), and stay at 0
    without one (nogo). After each trial, backpropagation through time changes its weights and time
    constants.</p>
  <div class="row">
    <label>units <select class="size">
      <option>50</option>
      <option>75</option>
      <option selected>100</option>
    </select></label>
    <label>seed <input class="seed" type="number" min="0" max="4294967295" step="1"
      value="0"></label>
    <button class="train">Train</button>
  </div>
  <p class="message" role="status"></p>
  <dl>
    <dt>trials</dt><dd class="trials"></dd>
    <dt>loss</dt><dd><span class="loss"></span> <i>below 7</i></dd>
    <dt>accuracy</dt><dd><span class="accuracy"></span> <i>95 % or more</i></dd>
  </dl>
  <p>Every 100 trials, 100 fresh ones test it. Training ends when both conditions hold.</p>
  <p><button class="lesion" disabled>Lesion this network</button>
    <button class="save" disabled title="rate.load reads this file">Download it (.mat)</button></p>
</div>
<div class="charts">
  <figure class="losses"><figcaption><b>loss</b><span class="dots">trials</span>
    <span class="tests">tests</span><span class="dashes">criterion</span></figcaption></figure>
  <figure class="outputs"><figcaption><b>output</b><span class="go">go</span>
    <span class="nogo">nogo</span><span class="dashes">limits</span></figcaption></figure>
  <figure class="accuracies"><figcaption><b>accuracy</b><span class="dashes">criterion</span>
    <span class="points">silent network</span></figcaption></figure>
  <figure class="weights"><figcaption><b>weights</b><span class="E">excitatory</span>
    <span class="I">inhibitory</span></figcaption></figure>
</div>`;

const NAMES = ['size', 'seed', 'train', 'message', 'trials', 'loss', 'accuracy', 'lesion', 'save',
  'losses', 'weights', 'accuracies', 'outputs'];

// Fill an element; returns its parts by their class names.
export function buildTrainer(root) {
  const box = document.createElement('div');
  box.className = 'live trainer';
  box.innerHTML = PAGE;
  root.append(box);
  const parts = Object.fromEntries(NAMES.map(name => [name, box.querySelector(`.${name}`)]));
  return {box, ...parts};
}
