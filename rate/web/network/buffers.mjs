// The packed data of a page, as rate.page.pack writes them: a header in JSON and arrays, deflated.

const KINDS = {
  f4: Float32Array,
  i4: Int32Array,
  u2: Uint16Array,
  u1: Uint8Array,
};

// {facts, arrays: {name: typed array}}, arrays in the order of numpy, from packed bytes.
export async function decode(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return unpack(await new Response(stream).arrayBuffer());
}

// The same from an ArrayBuffer that is not deflated any more.
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, {kind, size, offset}] of Object.entries(header.arrays)) {
    const width = KINDS[kind].BYTES_PER_ELEMENT;
    const bytes = new Uint8Array(buffer, 4 + length + offset, size * width);
    arrays[name] = new KINDS[kind](gathered(bytes, size, width));
  }
  return {facts: header.facts, arrays};
}

// Numbers of `width` bytes: the first bytes of all stand before the second ones of all, and so on.
function gathered(bytes, size, width) {
  const numbers = new Uint8Array(bytes.length);
  for (let k = 0; k < width; k++) {
    for (let i = 0; i < size; i++) numbers[i * width + k] = bytes[k * size + i];
  }
  return numbers.buffer;
}

// Bytes of a text in base64.
export function fromBase64(text) {
  return Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
}
