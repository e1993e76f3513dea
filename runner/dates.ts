/** Whether `YYYY-MM-DD` names a day of the calendar. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith('0000')) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

/** So many weekdays up to and including `last` (moved back to a weekday), oldest first. */
export function weekdaysUntil(last: string, count: number): readonly string[] {
  const days: string[] = [];
  const day = new Date(`${last}T00:00:00Z`);
  while (days.length < count) {
    if (day.getUTCDay() % 6 !== 0) days.unshift(day.toISOString().slice(0, 10));
    day.setUTCDate(day.getUTCDate() - 1);
  }
  return days;
}

/** The weekdays from one date to another, both included. */
export function weekdaysBetween(first: string, last: string): readonly string[] {
  const days: string[] = [];
  const day = new Date(`${first}T00:00:00Z`);
  for (let text = first; text <= last; text = day.toISOString().slice(0, 10)) {
    if (day.getUTCDay() % 6 !== 0) days.push(text);
    day.setUTCDate(day.getUTCDate() + 1);
  }
  return days;
}

/** The weekday so many weekdays after a date; before it, for a negative number. */
export function addWeekdays(date: string, count: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  for (let left = Math.abs(count); left > 0;) {
    day.setUTCDate(day.getUTCDate() + Math.sign(count));
    if (day.getUTCDay() % 6 !== 0) left -= 1;
  }
  return day.toISOString().slice(0, 10);
}
