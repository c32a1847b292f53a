// A file of MATLAB's level 5, not compressed: what rate.load, scipy, MATLAB and Octave read.

const INT8 = 1;  // types of elements
const UINT16 = 4;
const INT32 = 5;
const UINT32 = 6;
const DOUBLE = 9;
const MATRIX = 14;
const CHARS = 4;  // classes of arrays
const DOUBLES = 6;
const HEADER = 124;  // bytes of text before the version
const VERSION = 0x0100;
const ORDER = 0x4d49;  // 'MI', by which a reader sees the order of bytes

const bytesOf = array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const padded = n => 8 * Math.ceil(n / 8);

function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// A typed array with its type and size in front, filled up to a multiple of 8 bytes.
function element(type, array) {
  const content = bytesOf(array);
  const all = new Uint8Array(8 + padded(content.length));
  all.set(bytesOf(Uint32Array.of(type, content.length)));
  all.set(content, 8);
  return all;
}

const codes = text => Array.from(text, letter => letter.charCodeAt(0));

function matrix(name, {rows, columns, kind, part}) {
  return element(MATRIX, joined([
    element(UINT32, Uint32Array.of(kind, 0)),
    element(INT32, Int32Array.of(rows, columns)),
    element(INT8, Uint8Array.from(codes(name))),
    part,
  ]));
}

// Numbers that are given row by row stand in the file column by column.
function ofNumbers({rows, columns, values}) {
  const turned = Float64Array.from({length: rows * columns}, (_, at) => {
    return values[at % rows * columns + Math.floor(at / rows)];
  });
  return {rows, columns, kind: DOUBLES, part: element(DOUBLE, turned)};
}

function ofText(text) {
  const part = element(UINT16, Uint16Array.from(codes(text)));
  return {rows: 1, columns: text.length, kind: CHARS, part};
}

function entry(value) {
  if (typeof value === 'string') return ofText(value);
  if (typeof value === 'number') return ofNumbers({rows: 1, columns: 1, values: [value]});
  return ofNumbers(value);
}

// The bytes of a file. entries: name -> number, text, or {rows, columns, values: row by row}.
export function matFile(entries) {
  const header = new Uint8Array(HEADER).fill(32);
  header.set(codes('MATLAB 5.0 MAT-file, written by rate'));
  header.fill(0, HEADER - 8);  // no part of its own for objects
  const named = Object.entries(entries).map(([name, value]) => matrix(name, entry(value)));
  return joined([header, bytesOf(Uint16Array.of(VERSION, ORDER)), ...named]);
}

// Hand a file to the reader.
export function download(name, bytes) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], {type: 'application/octet-stream'}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
