// Which key does what.

const STEPS = new Map([['ArrowLeft', -1], ['ArrowRight', 1]]);
const OWN_SPACE = ['BUTTON', 'SELECT', 'TEXTAREA', 'SUMMARY', 'A'];
const OWN_ARROWS = ['INPUT', 'SELECT', 'TEXTAREA'];

// What a key does on an element of the kind `tag`, an input of `type`: 'toggle' (play or pause),
// steps to go, or null where the element has a use of its own for the key.
export function keyAction(key, tag, type = '') {
  const spaceIsTyped = tag === 'INPUT' && type !== 'range' && type !== 'number';
  if (key === ' ' && !OWN_SPACE.includes(tag) && !spaceIsTyped) return 'toggle';
  if (STEPS.has(key) && !OWN_ARROWS.includes(tag)) return STEPS.get(key);
  return null;
}
