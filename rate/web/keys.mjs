// Which key does what.

const STEPS = new Map([['ArrowLeft', -1], ['ArrowRight', 1]]);

// What a key does on an element of the kind `tag`: 'toggle' (play or pause), steps to go, or null
// where the element has a use of its own for the key.
export function keyAction(key, tag) {
  if (key === ' ' && !['BUTTON', 'SELECT'].includes(tag)) return 'toggle';
  if (STEPS.has(key) && !['INPUT', 'SELECT'].includes(tag)) return STEPS.get(key);
  return null;
}
