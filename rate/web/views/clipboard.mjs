// Copy what a field holds.

// Promise of whether it could be copied; the text is marked in any case, for copying by keys.
export function copyText(field) {
  field.select();
  if (!navigator.clipboard) return Promise.resolve(copyMarked());
  return navigator.clipboard.writeText(field.value).then(() => true, copyMarked);
}

// The old way, for pages that may not use the clipboard.
function copyMarked() {
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  }
}
