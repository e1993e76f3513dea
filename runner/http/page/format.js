const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' });
const whole = new Intl.NumberFormat();
const exact = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export function time(iso) {
  return iso === null ? '—' : moment.format(new Date(iso));
}

export function count(n) {
  return whole.format(n);
}

/** A decimal that came as text, to the last digit. */
export function amount(text) {
  return text === null ? '—' : exact.format(text);
}

/** Seconds, as long as they are seconds. */
export function span(seconds) {
  return seconds === null ? '—' : duration(new Date(0).toISOString(), new Date(seconds * 1000).toISOString());
}

/** How long from one instant to another; to now for what goes on. */
export function duration(from, to) {
  if (from === null) return '—';
  const ms = Math.max(0, (to === null ? Date.now() : Date.parse(to)) - Date.parse(from));
  if (ms < 1000) return `${ms} ms`;
  const s = ms / 1000;
  if (s < 60) return `${s.toFixed(1)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}
