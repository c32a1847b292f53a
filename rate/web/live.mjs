// The entry: puts the live network into an element of a page, a file or a notebook.

import {decode, fromBase64} from './buffers.mjs';
import {makeNetwork} from './network.mjs';

export async function mount(el, {data}) {
  const packed = typeof data === 'string' ? fromBase64(data) : data;
  const network = makeNetwork(await decode(packed));
  el.textContent = `${network.N} units`;
}

export function render({model, el, assets}) {
  return mount(el, {data: model.get('data'), assets});
}
