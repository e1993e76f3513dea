const quietMs = 2500;
let next;
let timer;

/** Tells a screen reader, at most every few seconds: of what happens in between, the newest is told. */
export function announce(text) {
  next = text;
  if (timer !== undefined) return;
  say();
  timer = setInterval(say, quietMs);
}

function say() {
  if (next === undefined) {
    clearInterval(timer);
    timer = undefined;
    return;
  }
  document.getElementById('live').textContent = next;
  next = undefined;
}
